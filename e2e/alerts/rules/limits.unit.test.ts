import { expect, test } from "vitest";
import { KubeError } from "../../clients/api-server/kube-error.ts";
import { findExceededLimits } from "./limits.ts";

const nodes = [1, 2, 3, 4].map((i) => ({
	instance: `10.0.0.${i}:9100`,
	job: "node-exporter",
}));

function judge(
	expression: string,
	limit: number,
	{
		series = nodes as readonly Record<string, string>[],
		severities = ["critical"],
	} = {},
) {
	return findExceededLimits(
		{
			query: async () =>
				series.map((metric) => ({
					metric,
					value: { timestamp: 0, value: 1 },
				})),
		},
		[
			{
				labels: { alertname: "NodeGone", severity: "critical" },
				sets: ["severity"],
				severities,
				expression,
				group: { name: "homelab", limit },
			},
		],
	);
}

const gone = 'up{job="node-exporter"} == 0';

test("a limit that nodes may exceed is told", async () => {
	const message =
		'each critical and warning alert is to reach Slack, but rule group homelab has limit 2, and NodeGone looks at 4 things, such as {instance="10.0.0.1:9100", job="node-exporter"}: if more than 2 are out of order, Prometheus fails the evaluation and sends no alert about any';
	expect(await judge(gone, 2)).toEqual([message]);
	expect(await judge(gone, 2, { severities: ["page", "warning"] })).toEqual([
		message,
	]);
});

test.each([
	[0, gone],
	[4, gone],
	[500, gone],
	// One alert, or of some things alone.
	[2, 'absent(up{job="node-exporter"})'],
	[2, "topk(2, node_load1 > 9)"],
	[2, "up == 0 unless on (node) kube_node_spec_unschedulable == 1"],
	[2, "node_load1 > on (node) group_left () some_limit"],
	[2, "up == 0 and on (node) kube_node_info"],
])("a limit of %i leaves room for %s", async (limit, expression) => {
	expect(await judge(expression, limit)).toEqual([]);
});

test("states of one thing are one alert", async () => {
	const series = ["Pending", "Failed", "Unknown"].map((phase) => ({
		namespace: "media",
		pod: "plex-0",
		phase,
	}));
	expect(await judge("kube_pod_status_phase == 1", 2, { series })).toEqual([]);
	expect(await judge("count(up == 0) > 1", 1, { series: [{}] })).toEqual([]);
});

test("what is promised nothing, or cannot be evaluated, is left alone", async () => {
	expect(await judge(gone, 2, { severities: ["info"] })).toEqual([]);
	const refused = {
		query: () => Promise.reject(new KubeError("many-to-many", { status: 422 })),
	};
	const rule = {
		labels: {},
		sets: [],
		severities: ["critical"],
		expression: gone,
		group: { name: "homelab", limit: 2 },
	};
	expect(await findExceededLimits(refused, [rule])).toEqual([]);
});
