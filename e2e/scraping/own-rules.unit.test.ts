import { expect, test } from "vitest";
import { whyLeftOut } from "./own-rules.ts";

const pool = "serviceMonitor/monitoring/node-exporter/0";

function explain(...relabel_configs: object[]) {
	return whyLeftOut(pool, [
		{ job_name: pool, scrape_interval: "1m", relabel_configs },
	]);
}
const service = "__meta_kubernetes_service_label";
const ofOperator = [
	{ source_labels: ["job"], target_label: "__tmp_prometheus_job_name" },
	{
		action: "keep",
		source_labels: [`${service}_app`, `${service}present_app`],
		regex: "(node-exporter);true",
	},
	{
		action: "keep",
		source_labels: ["__meta_kubernetes_endpointslice_port_name"],
		regex: "http-metrics",
	},
	{
		action: "drop",
		source_labels: ["__meta_kubernetes_pod_phase"],
		regex: "(Failed|Succeeded)",
	},
	{
		source_labels: ["__address__", "__tmp_hash"],
		target_label: "__tmp_hash",
		regex: "(.+);",
	},
	{
		action: "hashmod",
		source_labels: ["__tmp_hash"],
		target_label: "__tmp_hash",
		modulus: 1,
	},
	{
		action: "keep",
		source_labels: ["__tmp_hash", "__tmp_disable_sharding"],
		regex: "0;|.+;.+",
	},
];

test("the operator's own rules are no reason", () => {
	expect(explain(...ofOperator)).toBeUndefined();
	expect(whyLeftOut("other", [])).toBeUndefined();
});

test("a person's rules are, by a label and by a hash of it", () => {
	const node = "__meta_kubernetes_pod_node_name";
	expect(
		explain(...ofOperator, {
			action: "drop",
			source_labels: [node],
			regex: "small",
		}),
	).toBe(
		`its relabelling leaves out targets: it has a rule "drop" for ${node}, regex "small"`,
	);
	expect(
		explain(
			{
				action: "hashmod",
				source_labels: [node],
				target_label: "share",
				modulus: 2,
			},
			{ action: "keep", source_labels: ["share"], regex: "0" },
		),
	).toMatch(
		/"keep" for share, regex "0", made of __meta_kubernetes_pod_node_name$/,
	);
});
