import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findInhibitionFlaws } from "./inhibition.ts";
import { parseConfig } from "./loaded-config.ts";

const make = (source: string, target: string, equal: readonly string[]) => ({
	source_matchers: [source],
	target_matchers: [target],
	equal,
});
const both = ["alertname", "namespace"];
const promised = make('severity="critical"', 'severity="warning"', both);

function judge(rules: readonly object[]): string {
	return findInhibitionFlaws(
		parseConfig(stringify({ route: {}, receivers: [], inhibit_rules: rules })),
	).join("\n");
}

test.each([
	["the promised one", [promised]],
	[
		"InfoInhibitor",
		[
			promised,
			make('alertname="InfoInhibitor"', 'severity="info"', ["namespace"]),
		],
	],
	[
		"the chart's defaults",
		[
			make('severity="critical"', 'severity=~"warning|info"', both),
			make('severity="warning"', 'severity="info"', both),
		],
	],
	[
		"a node that is down",
		[
			promised,
			make('alertname="KubeNodeNotReady"', 'severity="warning"', ["node"]),
		],
	],
	[
		"the older form",
		[
			{
				source_match: { severity: "critical" },
				target_match_re: { severity: "warning|info" },
				equal: both,
			},
		],
	],
])("nothing is wrong with %s", (_, rules) => {
	expect(judge(rules)).toBe("");
});

test.each([
	[[], /loaded no inhibition rule/],
	[[{ ...promised, equal: [...both, "pod"] }], /equal has pod too much/],
	[[{ ...promised, equal: ["alertname"] }], /equal lacks namespace/],
	[[promised, { ...promised, equal: ["namespace"] }], /equal lacks alertname/],
	[
		[make('severity="page"', 'severity="warning"', both)],
		/its source is not (of severity|every) critical/,
	],
	[
		[
			promised,
			make('alertname="InfoInhibitor"', 'severity=~"warning|info"', [
				"namespace",
			]),
		],
		/equal lacks alertname/,
	],
	[
		[promised, make('severity="warning"', 'severity="critical"', both)],
		/also suppresses critical alerts/,
	],
	[
		[make('severity="warning"', 'severity="info"', both)],
		/none of the 1 loaded inhibition rules is of warnings/,
	],
])("%j: %s", (rules, message) => {
	expect(judge(rules)).toMatch(message);
});
