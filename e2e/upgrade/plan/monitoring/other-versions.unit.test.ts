import { SemVer } from "semver";
import { expect, test } from "vitest";
import { judgeRefusal } from "./other-versions.ts";

const misspelt = "line 1: field scrape_intervall not found in type config.A";
const later = 'parse error: unknown function with name "max_of"';

test.each([
	["3.5.0", misspelt, "refused"],
	["3.9.0", misspelt, "refused"],
	["2.55.0", misspelt, "refused"],
	["3.99.0", misspelt, "doubtful"],
	["3.9.0", later, "accepted"],
	["3.5.1", later, "refused"],
	["2.55.0", 'unknown function with name "holt_winters"', "accepted"],
	["3.9.0", 'function "mad_over_time" is not enabled', "refused"],
	["3.99.0", "parse error: unexpected end of input", "refused"],
	["3.5.0", "placeholder-a is no URL", "accepted"],
])("Prometheus %s, %s: %s", (own, problem, expected) => {
	expect(
		verdict(
			judgeRefusal(problem, "promtool", new SemVer(own), new SemVer("3.5.0")),
		),
	).toBe(expected);
});

test.each([
	["0.28.1", "update_message", "refused"],
	["0.32.0", "update_message", "accepted"],
	["0.34.0", "update_message", "accepted"],
	["0.32.0", "wronk_configs", "refused"],
	["0.34.0", "wronk_configs", "doubtful"],
])("Alertmanager %s, %s: %s", (own, field, expected) => {
	const problem = `line 5: field ${field} not found in type config.plain`;
	expect(verdict(judgeRefusal(problem, "amtool", new SemVer(own)))).toBe(
		expected,
	);
});

test("who does not say a version gets a doubt", () => {
	expect(judgeRefusal(misspelt, "amtool", undefined)).toEqual({
		isAccepted: false,
		danger: "review",
		doubt: " amtool says so; that of your image may know it.",
	});
});

function verdict({ isAccepted, danger }: ReturnType<typeof judgeRefusal>) {
	return isAccepted ? "accepted" : danger ? "doubtful" : "refused";
}
