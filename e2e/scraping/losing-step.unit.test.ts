import { expect, test } from "vitest";
import { whyLost } from "./losing-step.ts";

const pool = "serviceMonitor/monitoring/kube-state-metrics/0";
const own = { __name__: "kube_pod_info", namespace: "media" };
const explain = (...metric_relabel_configs: object[]) =>
	whyLost(
		pool,
		[{ job_name: pool, scrape_interval: "1m", metric_relabel_configs }],
		{ job: "kube-state-metrics", ...own },
		own,
	);

test("the step that drops a series is named with its pool", () => {
	expect(
		explain(
			{ source_labels: ["job"], target_label: "component" },
			{ source_labels: ["namespace"], regex: "media", action: "drop" },
		),
	).toBe(
		`metric relabelling of ${pool} drops or changes them (drop of namespace matching media)`,
	);
});

test("so is a step that changes one of its own labels", () => {
	expect(explain({ regex: "name.+", action: "labeldrop" })).toMatch(
		/\(labeldrop matching name\.\+\)$/,
	);
	expect(explain({ target_label: "__name__", replacement: "x" })).toMatch(
		/into __name__/,
	);
});

test("a series that is stored as it is has lost nothing", () => {
	expect(explain({ regex: "job", action: "labeldrop" })).toBeUndefined();
	expect(whyLost("other", [], own, own)).toBeUndefined();
});
