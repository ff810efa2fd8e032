import { expect, test } from "vitest";
import { explainState } from "./explain-state.ts";

const pool = "serviceMonitor/monitoring/kube-state-metrics/0";
const own = { __name__: "kube_pod_status_phase", namespace: "kube-system" };

function explain(config: object, cause?: string) {
	const labels = { namespace: "monitoring", job: "kube-state-metrics" };
	return explainState(
		{
			scope: { cause, leftOut: [] },
			targets: [{ scrapePool: pool, labels }],
			configs: [
				{
					job_name: pool,
					scrape_interval: "1m",
					honor_labels: true,
					...config,
				},
			],
		},
		[own, { ...own, namespace: "media" }, { ...own, pod: "other" }],
	);
}

test("a pool that keeps the series as they are explains nothing", () => {
	expect(explain({})).toEqual([]);
});

test("a pool whose targets' labels win is a cause", () => {
	expect(explain({ honor_labels: undefined })).toEqual([
		expect.stringMatching(
			/^pool .*kube-state-metrics\/0 has honor_labels: false.* exported_namespace/,
		),
	]);
});

test("a step that drops some of the series is a cause, once, after the arguments", () => {
	const drop = {
		source_labels: ["__name__", "namespace"],
		regex: "kube_pod_status_phase;kube-system",
		action: "drop",
	};
	expect(
		explain({ metric_relabel_configs: [drop] }, "it runs with --x"),
	).toEqual([
		"it runs with --x",
		`metric relabelling of ${pool} drops or changes them (drop of __name__, namespace matching kube_pod_status_phase;kube-system)`,
	]);
});
