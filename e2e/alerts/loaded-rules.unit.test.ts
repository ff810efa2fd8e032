import { expect, test } from "vitest";
import {
	alwaysFires,
	listAlertRules,
	listHeartbeats,
	readAlertLabels,
	withEachSeverity,
} from "./loaded-rules.ts";

const rule = (name: string, query: string, labels: Record<string, string>) => ({
	type: "alerting" as const,
	name,
	query,
	labels,
	health: "ok" as const,
	lastError: "",
	lastEvaluation: new Date(0),
});
const ruler = {
	ruleGroups: async () => [
		{
			name: "group",
			file: "file",
			interval: 60,
			lastEvaluation: new Date(0),
			evaluationTime: 0,
			rules: [
				rule("NodeDown", "max by (node) (ready == 1) == 0", {
					severity: "critical",
					site: "{{ $value }}",
				}),
				rule("ApiMissing", 'absent(up{job="apiserver", pod=~"a|b"} == 1)', {
					severity: "critical",
				}),
				rule("Idle", "never > 0", {}),
			],
		},
	],
};

test("the labels that rules set are read, templates are left out", async () => {
	const rules = await listAlertRules(ruler);
	expect(rules.map(({ labels }) => labels)).toEqual([
		{ alertname: "NodeDown", severity: "critical" },
		{ alertname: "ApiMissing", severity: "critical" },
		{ alertname: "Idle" },
	]);
});

test("a severity that a template decides is each that is written out", () => {
	const labels = { alertname: "DiskFull" };
	const severities = ["Critical", "Warning"];
	expect(withEachSeverity({ labels, severities })).toEqual([
		labels,
		{ ...labels, severity: "Critical" },
		{ ...labels, severity: "Warning" },
	]);
	expect(withEachSeverity({ labels, severities: [] })).toEqual([labels]);
	const written = { ...labels, severity: "info" };
	expect(withEachSeverity({ labels: written, severities: ["info"] })).toEqual([
		written,
	]);
});

test("an alert has the labels of what its rule compares, and those that it sets", async () => {
	const asked: string[] = [];
	const prometheus = {
		query: async (expression: string) => {
			asked.push(expression);
			return expression.includes("never")
				? []
				: [{ metric: { node: "small" }, value: { timestamp: 0, value: 1 } }];
		},
	};
	const rules = await listAlertRules(ruler);
	expect(await readAlertLabels(prometheus, rules)).toEqual(
		new Map([
			["NodeDown", new Set(["node", "severity", "site"])],
			["ApiMissing", new Set(["job", "severity"])],
		]),
	);
	expect(asked.join()).not.toMatch(/==|absent/);
});

test.each([
	["vector(1)", true],
	[" vector( 1.5 ) ", true],
	["vector(1) > 0", true],
	["vector(1) == 1", true],
	["vector(1) > 1", false],
	["vector(0) == 1", false],
	["vector(time()) > 0", false],
	["up", false],
])("an alert by %s always fires: %s", (expression, always) => {
	expect(alwaysFires({ expression })).toBe(always);
});

test("an alert that fires because a target answers is a heartbeat while one does", async () => {
	const groups = [
		{
			name: "mutation",
			file: "mutation.yaml",
			interval: 30,
			rules: [
				rule("Alive", 'up{job="prometheus"} == 1', {}),
				rule("Maintained", 'up{job="maintenance"} == 1', {}),
				rule("Down", 'up{job="prometheus"} == 0', {}),
				rule("Constant", "vector(1)", {}),
			],
		},
	];
	const asked: string[] = [];
	const prometheus = {
		query: async (expression: string) => {
			asked.push(expression);
			return expression.includes("maintenance")
				? []
				: [{ metric: {}, value: { timestamp: 0, value: 1 } }];
		},
	};
	const rules = await listAlertRules({ ruleGroups: async () => groups });
	const found = await listHeartbeats(prometheus, rules);
	expect(found.map(({ labels }) => labels.alertname)).toEqual([
		"Alive",
		"Constant",
	]);
	expect(asked).toHaveLength(2);
});
