import { expect, test, vi } from "vitest";
import { BadInputError } from "../e2e/common/errors.ts";
import { benchCommand } from "./bench.ts";

test.each([
	[["--scale", "1"], "--scale 1: must be a number from 2 to 50"],
	[["--scale", "ten"], "--scale ten: must be a number from 2 to 50"],
	[["--scale", "2.5"], "--scale 2.5: must be a number from 2 to 50"],
	[["--scale", "51"], "--scale 51: must be a number from 2 to 50"],
	[["--scale", "10", "--against", "."], "without --against"],
	[["--only", "placement"], "--only is for --scale"],
	[["--scale", "10", "--only", "nonsense"], "--only nonsense: none of the"],
	[["--scale", "10", "--rounds", "0"], "--rounds 0: must be 1 or more"],
])("%j is bad input", async (args, sentence) => {
	vi.stubEnv("O11Y_E2E_PATIENCE", "1");
	const started = benchCommand.start(args);
	await expect(started).rejects.toThrow(sentence);
	await expect(started).rejects.toThrow(BadInputError);
});
