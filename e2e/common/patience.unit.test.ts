import { expect, test, vi } from "vitest";
import { budgets } from "./budgets.ts";
import { setPatience } from "./patience.ts";

test("a factor multiplies every budget", () => {
	vi.stubEnv("O11Y_E2E_PATIENCE", undefined);
	const { request } = budgets;
	setPatience("2.5");
	expect(budgets.request).toBe(2.5 * request);
	// Timers take whole milliseconds only.
	setPatience("1.1");
	expect(Object.values(budgets).every(Number.isInteger)).toBe(true);
	expect(Number.isInteger(budgets.notification)).toBe(true);
});

test.each([
	["--patience", "0.5", undefined],
	["--patience", "much", undefined],
	["--patience", "", undefined],
	["O11Y_E2E_PATIENCE", undefined, "1000"],
])(
	"%s is refused if it is not a number from 1 to 100",
	(name, factor, variable) => {
		vi.stubEnv("O11Y_E2E_PATIENCE", variable);
		expect(() => setPatience(factor)).toThrow(name);
	},
);
