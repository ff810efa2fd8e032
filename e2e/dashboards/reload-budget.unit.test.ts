import { expect, test } from "vitest";
import { allowedPause } from "./reload-budget.ts";

test("a sidecar that looks each few minutes is waited for, one that looks each hour is not", () => {
	expect(allowedPause(120_000)).toBe(120_000);
	expect(allowedPause(3_600_000)).toBe(0);
});
