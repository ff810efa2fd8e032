import { expect, test } from "vitest";
import { findLostStates } from "./lost-states.ts";

const scrapePool = "serviceMonitor/monitoring/state/0";

function find(...metric_relabel_configs: object[]) {
	return findLostStates(
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

test("so must what a container waits for", () => {
	expect(
		find({
			source_labels: ["__name__", "reason"],
			regex:
				"kube_pod_container_status_waiting_reason;(ErrImagePull|ImagePullBackOff|InvalidImageName)",
			action: "drop",
		}),
	).toEqual([
		expect.stringMatching(
			/^"Pod status": kube_pod_container_status_waiting_reason of reason ImagePullBackOff is not stored: metric relabelling of .* \(drop of __name__, reason /,
		),
		expect.stringMatching(/ of reason InvalidImageName is not stored: /),
	]);
});

test("so must what nodes are short of", () => {
	expect(
		find({
			source_labels: ["__name__", "condition", "status"],
			regex: "kube_node_status_condition;.+Pressure;true",
			action: "drop",
		}),
	).toEqual(
		["Memory", "Disk", "PID"].map((of) =>
			expect.stringContaining(
				`"node conditions": kube_node_status_condition of condition ${of}Pressure and status true is not stored: `,
			),
		),
	);
});

test.each([
	// Of the three series of a condition, one says it all.
	[["__name__", "status"], "kube_node_status_condition;(false|unknown)"],
	[
		["__name__", "condition"],
		"kube_node_status_condition;NetworkUnavailable|EtcdIsVoter",
	],
	// What a container waits for while it starts, or for a moment.
	[["reason"], "ContainerCreating|PodInitializing|ErrImagePull"],
	[["__name__"], "kube_pod_(tolerations|init_container_.+)"],
])("states that say nothing of their own need not: %j %s", (labels, regex) => {
	expect(find({ source_labels: labels, regex, action: "drop" })).toEqual([]);
});

test("a node's series may be named after it", () => {
	expect(
		find(
			{ source_labels: ["node"], target_label: "instance" },
			{
				source_labels: ["node"],
				regex: "(.+)[.]home",
				target_label: "node",
			},
			{ regex: "uid|container_id", action: "labeldrop" },
		),
	).toEqual([]);
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
