import { expect, test } from "vitest";
import { stringify } from "yaml";
import { kubeObject } from "../../clients/kube-objects.ts";
import { listBroughtRules } from "../alertmanager-configs.ts";
import { parseConfig } from "../loaded-config.ts";
import { findInhibitionFlaws } from "./inhibition.ts";

const make = (source: string, target: string, equal: readonly string[]) => ({
	source_matchers: [source],
	target_matchers: [target],
	equal,
});
const both = ["alertname", "namespace"];
const promised = make('severity="critical"', 'severity="warning"', both);

const media = 'namespace="media"';
/** As the operator merges a rule of an AlertmanagerConfig in namespace media. */
const ofMedia = (source: string, target: string, equal: readonly string[]) => ({
	source_matchers: [source, media],
	target_matchers: [target, media],
	equal,
});

function judge(
	rules: readonly object[],
	context: Parameters<typeof findInhibitionFlaws>[1] = {},
): string {
	return findInhibitionFlaws(
		parseConfig(stringify({ route: {}, receivers: [], inhibit_rules: rules })),
		context,
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
	[
		"critical alerts among their own targets",
		[make('severity="critical"', 'severity=~"warning|critical"', both)],
	],
	[
		"a team's own copy of the promised one",
		[
			promised,
			ofMedia('severity="critical"', 'severity="warning"', ["alertname"]),
		],
	],
	[
		"a cause that a team names",
		[promised, ofMedia('alertname="MediaDown"', 'severity="warning"', [])],
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
		/its source takes InfoInhibitor/,
	],
	[
		[make('severity=~"warning|critical"', 'severity!="info"', both)],
		/both its sides take critical and warning alerts, and Alertmanager lets none of such alerts suppress another one$/,
	],
	[
		[promised, make('severity="warning"', 'severity="critical"', both)],
		/also suppresses critical alerts/,
	],
	[
		[make('severity="warning"', 'severity="info"', both)],
		/none of the 1 loaded inhibition rules is of all warnings/,
	],
])("%j: %s", (rules, message) => {
	expect(judge(rules)).toMatch(message);
});

test("InfoInhibitor, which goes to nobody, may be suppressed by anything", () => {
	const alerts = [
		{ alertname: "InfoInhibitor", severity: "none" },
		{ alertname: "NodeDown", severity: "critical" },
	];
	const silence = (...names: string[]) => ({
		target_matchers: [`alertname=~"${names.join("|")}"`],
	});
	expect(judge([promised, silence("InfoInhibitor")], { alerts })).toBe("");
	expect(
		judge([promised, silence("InfoInhibitor", "NodeDown")], { alerts }),
	).toMatch(/also suppresses critical alerts/);
});

const alerts = [
	{ alertname: "DiskFull", severity: "critical" },
	{ alertname: "DiskFull", severity: "warning" },
	{ alertname: "TargetDown", severity: "warning" },
];

/** The promised rule with further matchers. */
const except = (source: readonly string[], target: readonly string[]) => ({
	source_matchers: ['severity="critical"', ...source],
	target_matchers: ['severity="warning"', ...target],
	equal: both,
});

test.each([
	[
		"a namespace",
		[except([], ['namespace!="media"'])],
		/alertname="AnyAlert", namespace="media": .* leaves them out by namespace!="media"$/,
	],
	[
		"namespaces by a pattern",
		[except(['namespace!~"media-(dev|prod)"'], [])],
		/namespace="media-dev": .*leaves them out by namespace!~/,
	],
	["a team", [except([], ['team!="kitchen"'])], /team="kitchen"/],
	[
		"a loaded name",
		[except([], ['alertname!="DiskFull"'])],
		/alertname="DiskFull": /,
	],
	[
		"names by a pattern",
		[except(['alertname!~"Kube.+"'], [])],
		/alertname="Kubex": .*alertname!~"Kube\.\+"/,
	],
])("an exception from the promise is found: %s", (_, rules, message) => {
	expect(judge(rules, { alerts })).toMatch(message);
});

test.each([
	["a name of no critical rule", [except([], ['alertname!="TargetDown"'])]],
	[
		"names that nobody is told of",
		[except([], ['alertname!~"Watchdog|InfoInhibitor"'])],
	],
	[
		"what another rule has",
		[except([], ['namespace!="media"']), except([], ['namespace="media"'])],
	],
	[
		"the homelab's own cluster",
		[except(['cluster="homelab"'], ['cluster=~"homelab|lab"'])],
	],
])("is no exception from the promise: %s", (_, rules) => {
	expect(judge(rules, { alerts, externalLabels: { cluster: "homelab" } })).toBe(
		"",
	);
});

test("a label that every alert has makes no difference", () => {
	const rules = [{ ...promised, equal: [...both, "cluster"] }];
	expect(judge(rules, { externalLabels: { cluster: "homelab" } })).toBe("");
	expect(judge(rules)).toMatch(/equal has cluster too much/);
});

test("the AlertmanagerConfig that has brought a rule is named", () => {
	const brought = listBroughtRules([
		{
			...{ apiVersion: "monitoring.coreos.com/v1alpha1" },
			kind: "AlertmanagerConfig",
			metadata: kubeObject.shape.metadata.parse({
				name: "team",
				namespace: "media",
			}),
			spec: {
				receivers: [],
				inhibitRules: [
					{
						sourceMatch: [
							{
								name: "severity",
								value: "critical",
								matchType: "=",
								regex: false,
							},
						],
						targetMatch: [
							{
								name: "severity",
								value: "warning|info",
								matchType: "",
								regex: true,
							},
						],
						equal: [],
					},
				],
			},
		},
	]);
	expect(
		judge(
			[
				promised,
				ofMedia('severity="critical"', 'severity=~"warning|info"', []),
			],
			{ brought },
		),
	).toMatch(
		/namespace="media" with equal \[\] \(from AlertmanagerConfig media\/team\) .*equal lacks alertname$/,
	);
});
