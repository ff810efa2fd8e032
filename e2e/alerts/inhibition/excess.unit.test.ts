import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseConfig } from "../loaded-config.ts";
import { findExcessInhibition } from "./excess.ts";
import { isNamedCause } from "./inhibition.ts";
import { readInhibitionRules } from "./rules.ts";

const alerts = [
	{ alertname: "KubeNodeNotReady", severity: "critical" },
	{ alertname: "KubeApiMissing", severity: "critical" },
	{ alertname: "KubePodLooping", severity: "warning" },
];
const labelsOf = new Map([["KubeNodeNotReady", new Set(["node", "severity"])]]);
const always = [{ alertname: "StillAlive", severity: "info" }];
const down = 'alertname="KubeNodeNotReady"';

const make = (source: string, target: string, equal: readonly string[]) => ({
	source_matchers: [source],
	target_matchers: [target],
	equal,
});

function judge(rule: object): string {
	const config = parseConfig(
		stringify({ route: {}, receivers: [], inhibit_rules: [rule] }),
	);
	return readInhibitionRules(config, {})
		.flatMap((each) => findExcessInhibition(each, { alerts, always, labelsOf }))
		.join("\n");
}

test.each([
	[
		"all of Kubernetes",
		make(down, 'alertname=~"Kube.+"', []),
		/also suppresses critical alerts/,
	],
	[
		"all warnings of Kubernetes",
		{
			...make(down, 'severity="warning"', []),
			target_matchers: ['severity="warning"', 'alertname=~"Kube.+"'],
		},
		/equal lacks alertname and namespace/,
	],
	[
		"critical ones of the node",
		make(down, 'alertname=~"Kube.+"', ["node"]),
		/also suppresses critical alerts/,
	],
	[
		"by a label that the source lacks",
		make(down, 'severity="warning"', ["pod"]),
		/suppresses every alert without pod/,
	],
	[
		"every warning, for a label that they all have",
		make(down, 'severity="warning"', ["severity"]),
		/equal lacks alertname and namespace/,
	],
	[
		"every warning without a namespace",
		make(down, 'severity="warning"', ["namespace"]),
		/suppresses every alert without namespace/,
	],
	[
		"a namespace's warnings, by a pattern of names",
		make('alertname=~"Kube.+"', 'severity="warning"', ["namespace"]),
		/equal lacks alertname/,
	],
	[
		"for ever",
		make('alertname="Watchdog"', 'alertname="KubePodLooping"', []),
		/suppresses them for ever: its source takes Watchdog/,
	],
	[
		"for ever, by a heartbeat of another name",
		make('alertname=~"StillAlive|Maintenance"', 'job="blackbox"', []),
		/suppresses them for ever: its source takes StillAlive/,
	],
	[
		"because of anything of severity info",
		make('alertname="InfoInhibitor"', 'alertname="KubePodLooping"', [
			"namespace",
		]),
		/while anything of severity info fires: its source takes InfoInhibitor/,
	],
	[
		"critical ones of a namespace",
		make(down, 'namespace="kube-system"', []),
		/also suppresses critical alerts/,
	],
])("a named cause suppresses too much: %s", (_, rule, message) => {
	expect(judge(rule)).toMatch(message);
});

test.each([
	["warnings of its node", make(down, 'severity="warning"', ["node"])],
	[
		"warnings of Kubernetes on its node",
		{
			...make(down, 'severity="warning"', ["node"]),
			target_matchers: ['severity="warning"', 'alertname=~"Kube.+"'],
		},
	],
	[
		"warnings of its namespace",
		make(
			'alertname=~"FluxReconciliationInProgress|NodeUnderMaintenance"',
			'severity=~"warning|info"',
			["namespace"],
		),
	],
	[
		"alerts by their names",
		make(down, 'alertname=~"KubePodLooping|KubeApiMissing"', []),
	],
	[
		"what it is known to be behind",
		make('alertname="InternetDown"', 'job="blackbox"', []),
	],
	[
		"a label that the source must have",
		{
			...make(down, 'severity="warning"', ["pod"]),
			source_matchers: [down, 'pod=~".+"'],
		},
	],
	[
		"what another alert of a heartbeat's name would explain",
		{
			...make('alertname="StillAlive"', 'job="blackbox"', []),
			source_matchers: ['alertname="StillAlive"', 'severity="critical"'],
		},
	],
	[
		"a cause of which no alert is known",
		make('alertname="RouterDown"', 'severity="warning"', ["site"]),
	],
])("a named cause may suppress %s", (_, rule) => {
	expect(judge(rule)).toBe("");
});

test("which labels an alert has only matters for a named cause within further labels than its name", () => {
	const config = parseConfig(
		stringify({
			route: {},
			receivers: [],
			inhibit_rules: [
				make('severity="critical"', 'severity="warning"', [
					"alertname",
					"namespace",
				]),
				make('alertname="InfoInhibitor"', 'severity="info"', ["namespace"]),
				make('alertname=~"Node.+"', 'severity="warning"', ["node"]),
				make('alertname="DiskFull"', 'severity="warning"', ["alertname"]),
			],
		}),
	);
	const names = ["InfoInhibitor", "NodeDown", "DiskFull"];
	expect(names.filter((name) => isNamedCause(config, name))).toEqual([
		"InfoInhibitor",
		"NodeDown",
	]);
});
