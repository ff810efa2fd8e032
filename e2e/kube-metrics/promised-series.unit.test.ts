import { expect, test } from "vitest";
import { findLostPhases } from "./promised-series.ts";

const scrapePool = "serviceMonitor/monitoring/state/0";

function find(...metric_relabel_configs: object[]) {
	return findLostPhases(
		[{ labels: { job: "kube-state-metrics" }, scrapePool }],
		[
			{
				job_name: scrapePool,
				scrape_interval: "1m",
				metric_relabel_configs,
			},
		],
	);
}

test("phases that no pod is in now must be stored, too", () => {
	expect(
		find({
			source_labels: ["__name__", "phase"],
			regex: "kube_pod_status_phase;(Failed|Unknown)",
			action: "drop",
		}),
	).toEqual([
		expect.stringMatching(/^"Pod status": .* of phase Failed is not stored: /),
		expect.stringMatching(/ of phase Unknown is not stored: /),
	]);
});

test("that pods have succeeded need not be stored", () => {
	for (const regex of [
		"kube_pod_status_phase;Succeeded",
		"kube_job_status_failed;.*",
	])
		expect(
			find({ source_labels: ["__name__", "phase"], regex, action: "drop" }),
		).toEqual([]);
	expect(find()).toEqual([]);
});
