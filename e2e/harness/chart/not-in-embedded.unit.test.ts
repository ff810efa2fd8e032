import { expect, test } from "vitest";
import { parse } from "yaml";
import { embeddedChart } from "./embedded-cases.ts";
import { compile, leaveOut, leaveOutNotEmbedded } from "./not-in-embedded.ts";

const validate = compile({
	type: "object",
	additionalProperties: false,
	properties: {
		monitor: {
			type: "object",
			additionalProperties: false,
			properties: {
				enabled: { $comment: "Not tested.", const: false },
				interval: { type: "string" },
				port: { const: 80 },
			},
		},
		dashboards: {
			type: "object",
			additionalProperties: {
				$comment: "Not tested. Downloads.",
				type: "object",
				additionalProperties: false,
				properties: { json: { type: "string" } },
				required: ["json"],
			},
		},
	},
});

const of = (content: string) => {
	const { content: left, leftOut } = leaveOut(content, validate);
	return [parse(left), leftOut];
};

test("unknown keys and what the schema marks are left out and named", () => {
	expect(
		of(
			"own/key: { a: 1 }\nmonitor: { enabled: true, interval: 1m, more: [1] }",
		),
	).toEqual([
		{ monitor: { interval: "1m" } },
		["monitor.enabled", "monitor.more", "own/key"],
	]);
	expect(
		of("dashboards: { house: { gnetId: 1860 }, own: { json: '{}' } }"),
	).toEqual([{ dashboards: { own: { json: "{}" } } }, ["dashboards.house"]]);
});

test("what asks for nothing is not named", () => {
	expect(of("a: {}\nb: false\nmonitor: { c: '' }")).toEqual([
		{ monitor: {} },
		[],
	]);
});

test("what is switched off, and cannot be, is named", () => {
	const cannot = compile({
		properties: { http2: { $comment: "Not tested.", const: true } },
	});
	expect(leaveOut("http2: false", cannot).leftOut).toEqual(["http2"]);
});

test("everything else stays as it is written", () => {
	for (const content of [
		"",
		"monitor: { enabled: false } # as before",
		"monitor: { port: 81, interval: 5 }",
	])
		expect(leaveOut(content, validate)).toEqual({ content, leftOut: [] });
});

test("a file of a person is told, a file of the test is not", async () => {
	const content = "kubeEtcd: { enabled: true }\ncertManager: { a: b }";
	const { values, warnings } = await leaveOutNotEmbedded(embeddedChart, [
		{ name: "mine.yaml", content },
		{ name: "overrides.yaml", content, forTest: "override" },
	]);
	expect(warnings).toEqual([
		expect.stringMatching(
			/^mine\.yaml: the embedded chart has no certManager, kubeEtcd\.enabled: /,
		),
	]);
	expect(values.map((file) => parse(file.content))).toEqual([
		{ kubeEtcd: {} },
		parse(content),
	]);
});

test.each([
	["kubeTargetVersionOverride", '"1.33.1"'],
	["grafana.sidecar.datasources.initDatasources", "true"],
	["grafana.sidecar.dashboards.initDashboards", "true"],
	["grafana.sidecar.dashboards.multicluster.etcd.enabled", "true"],
	["kubelet.serviceMonitor.resourcePath", "/metrics/resource"],
	["defaultRules.rules.k8sContainerCpuLimits", "true"],
	["prometheusOperator.service.type", "NodePort"],
	["prometheus.thanosService.ipDualStack.enabled", "true"],
	["kube-state-metrics.service.ipDualStack.enabled", "true"],
	["prometheus-node-exporter.terminationMessageParams.enabled", "true"],
])(
	"%s, which changes nothing that is promised, is left out",
	async (path, value) => {
		const content = path
			.split(".")
			.reduceRight((below, key) => `{ ${key}: ${below} }`, value);
		const { warnings } = await leaveOutNotEmbedded(embeddedChart, [
			{ name: "mine.yaml", content },
		]);
		expect(warnings).toEqual([expect.stringContaining(` no ${path}: `)]);
	},
);
