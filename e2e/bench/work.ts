import { sum } from "es-toolkit";
import { z } from "zod";
import { kubeObject, monitoringV1 } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { formatLabels } from "../clients/label-selector.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";

/** What there is for the claims to judge. */
export interface Work {
	/** ServiceMonitors and PodMonitors. */
	readonly monitors: number;
	/** What Prometheus scrapes. */
	readonly targets: number;
	/** PrometheusRules. */
	readonly ruleObjects: number;
	readonly recordingRules: number;
	readonly alertRules: number;
	/** How many queries each dashboard has. */
	readonly dashboards: readonly number[];
	/** Alerts that fire. */
	readonly alerts: number;
}

/** The label by which Grafana's sidecar finds dashboards, and its value: the homelab promises both. */
export const ofDashboards = { grafana_dashboard: "1" } as const;

const configMap = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});

/** Reads what there is now. */
export async function readWork(
	kube: KubeClient,
	prometheus: Pick<PrometheusClient, "targets" | "ruleGroups" | "alerts">,
): Promise<Work> {
	const count = async (kind: string) =>
		(await kube.list({ apiVersion: monitoringV1, kind })).length;
	const { active } = await prometheus.targets({ state: "active" });
	const rules = (await prometheus.ruleGroups()).flatMap((group) => group.rules);
	const recording = rules.filter(({ type }) => type === "recording");
	const maps = await kube.list(
		{
			apiVersion: "v1",
			kind: "ConfigMap",
			labelSelector: formatLabels(ofDashboards),
		},
		configMap,
	);
	const alerts = await prometheus.alerts();
	return {
		monitors: (await count("ServiceMonitor")) + (await count("PodMonitor")),
		targets: active.length,
		ruleObjects: await count("PrometheusRule"),
		recordingRules: recording.length,
		alertRules: rules.length - recording.length,
		dashboards: maps
			.flatMap(({ data }) => Object.values(data))
			.map(countQueries),
		alerts: alerts.filter(({ state }) => state === "firing").length,
	};
}

const targets = z
	.array(z.unknown())
	.nullish()
	.transform((all) => all?.length ?? 0);
const panel = z.looseObject({
	targets,
	/** Those of a folded row. */
	get panels() {
		return z.array(panel).default([]);
	},
});
type Panel = z.infer<typeof panel>;
const dashboard = z.looseObject({ panels: z.array(panel).default([]) });

/** How many queries a dashboard has; none if it is no dashboard. @param text JSON */
export function countQueries(text: string): number {
	try {
		return sum(dashboard.parse(JSON.parse(text)).panels.map(countInPanel));
	} catch {
		// Whether it should be one is a matter of the claims.
		return 0;
	}
}

function countInPanel({ targets: own, panels }: Panel): number {
	return own + sum(panels.map(countInPanel));
}

/** One row for each kind of work. */
export function listWork(work: Work): [string, number][] {
	return [
		["monitors", work.monitors],
		["targets", work.targets],
		["recording rules", work.recordingRules],
		["alert rules", work.alertRules],
		["dashboards", work.dashboards.length],
		["queries of dashboards", sum(work.dashboards)],
		["firing alerts", work.alerts],
	];
}

/** All of it: how many things there are that a claim may ask about. */
export function sizeOf(work: Work): number {
	return sum(listWork(work).map(([, count]) => count));
}
