import { expect, test } from "vitest";
import { findWider } from "./wider-selection.ts";

const pool = "podMonitor/n/o11y-apps/0";
const byLabel = (regex: string) => ({
	action: "keep",
	source_labels: [
		"__meta_kubernetes_pod_label_o11y_ruiz_sh_metrics",
		"__meta_kubernetes_pod_labelpresent_o11y_ruiz_sh_metrics",
	],
	regex,
});
const byPort = (regex: string) => ({
	action: "keep",
	source_labels: ["__meta_kubernetes_pod_container_port_name"],
	regex,
});

function find(rules: readonly object[], more: object = {}) {
	return findWider(
		[pool],
		[
			{
				job_name: pool,
				scrape_interval: "1m",
				relabel_configs: rules,
				...more,
			},
			{ job_name: "another", scrape_interval: "1m" },
		],
	);
}

test.each([
	["metrics", "(true);true"],
	["http-metrics", "(true);true"],
	["metrics|http-metrics", "true;true"],
])("ports %s of the label's value %s are promised", (port, label) => {
	expect(find([byLabel(label), byPort(port)])).toEqual([]);
});

test.each([
	["http", "(true);true", "also takes a port named http:"],
	["metrics|http.*", "(true);true", "a port named http or http-metrics2:"],
	[".*metrics", "(true);true", "a port named app-metrics:"],
	["metrics", "(true|yes);true", 'o11y.ruiz.sh/metrics: "yes": only "true"'],
	["metrics", ".+;true", 'metrics: "yes" or "1" or "enabled"'],
])("ports %s of the label's value %s are wider", (port, label, why) => {
	expect(find([byLabel(label), byPort(port)])).toEqual([
		expect.stringContaining(why),
	]);
});

test("where Kubernetes selects the pods, relabelling need not", () => {
	const kubernetes_sd_configs = [{ selectors: [{ role: "pod" }] }];
	expect(find([byPort("metrics")], { kubernetes_sd_configs })).toEqual([]);
	expect(find([byPort("web")], { kubernetes_sd_configs })).toHaveLength(1);
});
