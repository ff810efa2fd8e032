import { expect, test, vi } from "vitest";
import { tidyUp } from "./tidy-up.ts";

test("a clean-up that fails is told and fails nothing", async () => {
	const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
	await tidyUp("removal", async () => {
		throw new Error("404");
	})();
	expect(warn.mock.calls).toEqual([["removal failed: 404"]]);
	warn.mockClear();
	const cleanUp = vi.fn(async () => undefined);
	await tidyUp("removal", cleanUp)();
	expect(cleanUp).toHaveBeenCalledOnce();
	expect(warn).not.toHaveBeenCalled();
	warn.mockRestore();
});
