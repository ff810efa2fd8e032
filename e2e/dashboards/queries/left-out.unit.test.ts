import { expect, test } from "vitest";
import { makeLeftOut } from "./left-out.ts";

const pool = "serviceMonitor/monitoring/apiserver/0";
const { whyOnPurpose } = makeLeftOut(
	{
		targets: [
			{
				scrapePool: pool,
				labels: { job: "apiserver" },
				discoveredLabels: {
					__meta_kubernetes_namespace: "default",
					__meta_kubernetes_service_name: "kubernetes",
				},
			},
		],
		configs: [
			{
				job_name: pool,
				scrape_interval: "1m",
				metric_relabel_configs: [
					{
						source_labels: ["__name__"],
						regex: "apiserver_.+",
						action: "drop",
					},
				],
			},
		],
	},
	["instance:node_cpu:ratio"],
);
const why = (metric: string) => whyOnPurpose({ metric, text: metric });

test("what a rule that is switched off would record is left out, by its whole name", () => {
	expect(why("instance:node_cpu:ratio")).toMatch("defaultRules.rules");
	expect(why("instance:node_cpu:ratio_rate5m")).toBeUndefined();
});

test("so are the API server's buckets, and nothing else that is dropped", () => {
	expect(why("apiserver_request_duration_seconds_bucket")).toMatch(pool);
	expect(why("apiserver_request_total")).toBeUndefined();
});
