import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { BadInputError } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
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
	[["--scale", "10", "--no-whole"], "--scale has no whole run"],
	[["--against", ".", "--no-whole"], "--against compares whole runs"],
	[["--against", "."], "--against .: it is this checkout"],
	[["--against", "scripts/.."], "--against scripts/..: it is this checkout"],
	[["--against", ""], "--against : there is no such folder"],
	[["--against", "nowhere"], "--against nowhere: there is no such folder"],
	[["--against", "scripts"], "there is no checkout of this project"],
	[["--against", "package.json"], "there is no checkout of this project"],
])("%j is bad input", async (args, sentence) => {
	vi.stubEnv("O11Y_E2E_PATIENCE", "1");
	const started = benchCommand.start(args);
	await expect(started).rejects.toThrow(sentence);
	await expect(started).rejects.toThrow(BadInputError);
});

test("an incomplete checkout to compare with is bad input", async () => {
	vi.stubEnv("O11Y_E2E_PATIENCE", "1");
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-against-"));
	await cp(projectPath("package.json"), join(dir, "package.json"));
	await expect(benchCommand.start(["--against", dir])).rejects.toThrow(
		`--against ${dir}: the checkout there is not complete: it has no package-lock.json`,
	);
	await rm(dir, { recursive: true });
});
