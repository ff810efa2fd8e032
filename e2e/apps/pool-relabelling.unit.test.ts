import { expect, test } from "vitest";
import { findDroppingRule, findExceptions } from "./pool-relabelling.ts";

const pool = "podMonitor/n/o11y-apps/0";

function find(more: object) {
	return findExceptions(
		[pool],
		[{ job_name: pool, scrape_interval: "1m", ...more }],
	);
}

function makeRule(action: string, ...source_labels: string[]) {
	return { action, source_labels, regex: "x" };
}

test("the operator's own rules, and those that leave out nothing, pass", () => {
	const pod = "__meta_kubernetes_pod";
	expect(
		find({
			relabel_configs: [
				makeRule("drop", `${pod}_phase`),
				makeRule(
					"keep",
					`${pod}_label_o11y_ruiz_sh_metrics`,
					`${pod}_labelpresent_o11y_ruiz_sh_metrics`,
				),
				makeRule("keep", `${pod}_container_port_name`),
				{
					...makeRule("replace", "__address__", "__tmp_hash"),
					target_label: "__tmp_hash",
				},
				{
					action: "hashmod",
					source_labels: ["__tmp_hash"],
					target_label: "__tmp_hash",
					modulus: 1,
				},
				makeRule("keep", "__tmp_hash", "__tmp_disable_sharding"),
				{ action: "replace", source_labels: [`${pod}_node_name`] },
			],
			metric_relabel_configs: [
				makeRule("drop", "__name__"),
				makeRule("drop", "__name__", "le"),
				{ action: "labeldrop", regex: "id" },
			],
		}),
	).toEqual([]);
	expect(find({})).toEqual([]);
});

test("pods that are left out by another label, a node or a namespace are reported with the rule", () => {
	expect(
		find({
			relabel_configs: [
				makeRule("drop", "__meta_kubernetes_pod_node_name"),
				makeRule("keep", "__meta_kubernetes_pod_label_app_kubernetes_io_name"),
			],
		}),
	).toEqual([
		`pool ${pool} leaves out pods: it has a rule "drop" for __meta_kubernetes_pod_node_name, regex "x". Only the label o11y.ruiz.sh/metrics and the port's name may decide`,
		expect.stringContaining('"keep" for __meta_kubernetes_pod_label_app_'),
	]);
});

test("series that are dropped by their pod are reported", () => {
	const metric_relabel_configs = [makeRule("drop", "__name__", "namespace")];
	expect(find({ metric_relabel_configs })[0]).toMatch(
		/stores no series of some pods: it has a rule "drop" for __name__, namespace/,
	);
});

const half = {
	action: "hashmod",
	source_labels: ["__address__"],
	target_label: "__tmp_hash",
	modulus: 2,
};

test("pods that a hash of their address leaves out are reported", () => {
	expect(
		find({ relabel_configs: [half, makeRule("keep", "__tmp_hash")] })[0],
	).toMatch(
		/leaves out pods: it has a rule "keep" for __tmp_hash, regex "x", made of __address__\./,
	);
});

test("series are dropped by a pod however its label was copied", () => {
	const relabel_configs = [
		{
			source_labels: ["__meta_kubernetes_pod_node_name"],
			target_label: "machine",
		},
	];
	const byHash = { ...half, source_labels: ["pod"] };
	for (const rules of [
		[makeRule("drop", "machine")],
		[byHash, makeRule("drop", "__tmp_hash")],
		[{ action: "dropequal", source_labels: ["app"], target_label: "machine" }],
	])
		expect(find({ relabel_configs, metric_relabel_configs: rules })[0]).toMatch(
			/stores no series of some pods/,
		);
	expect(
		find({ metric_relabel_configs: [makeRule("drop", "machine")] }),
	).toEqual([]);
});

test("pods that are shown, timed or asked in another way are reported", () => {
	const ofSome = { source_labels: ["__meta_kubernetes_namespace"], regex: "x" };
	expect(
		find({
			relabel_configs: [
				{ ...ofSome, target_label: "__scrape_interval__", replacement: "5m" },
				{ ...ofSome, target_label: "__metrics_path__", replacement: "/x" },
			],
			metric_relabel_configs: [
				{ ...ofSome, target_label: "namespace", replacement: "y" },
			],
		}),
	).toEqual([
		expect.stringMatching(/rewrites label namespace/),
		expect.stringMatching(/scrapes some pods each 5m/),
		expect.stringMatching(/scrapes some pods at another path/),
	]);
});

test("a pool without a configuration proves nothing", () => {
	expect(findExceptions(["other"], [])).toEqual([
		"pool other has no scrape configuration",
	]);
});

test("the rule that drops a target is found by what was discovered", () => {
	const rules = [
		{ action: "keep", source_labels: ["__meta_a", "__meta_b"], regex: "x;y" },
		{ action: "replace", source_labels: ["__meta_a"], regex: "z" },
		{ action: "drop", source_labels: ["__meta_c"], regex: "small|large" },
	];
	const configs = [
		{ job_name: pool, scrape_interval: "1m", relabel_configs: rules },
	];
	const find = (discovered: Record<string, string>) =>
		findDroppingRule(pool, configs, discovered);
	expect(find({ __meta_a: "x", __meta_b: "y" })).toBeUndefined();
	expect(find({ __meta_a: "x" })).toMatch('"keep" for __meta_a, __meta_b');
	expect(find({ __meta_a: "x", __meta_b: "y", __meta_c: "small" })).toBe(
		'it has a rule "drop" for __meta_c, regex "small|large"',
	);
});
