import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type {
	ActiveTarget,
	InstantSeries,
	PrometheusClient,
} from "../clients/prometheus.ts";
import { describeHealth } from "./compare-pools.ts";

/** What brings it, where not the chart does: nothing is promised where that does not run. */
const addon = z.string().optional();
const promise = z.union([
	z.strictObject({
		component: z.string(),
		/** A metric that only this component exposes. */
		series: z.string(),
		on: z.literal("every node").optional(),
		addon,
	}),
	z.strictObject({
		component: z.string(),
		podMonitor: z.string(),
		/** Whether its pools may be without targets. */
		mayFindNothing: z.boolean().default(false),
		addon,
	}),
]);
export type PromisedTarget = z.infer<typeof promise>;

/** What the seed promises to be scraped. */
const promisedTargets: readonly PromisedTarget[] = z
	.array(promise)
	.parse(
		parse(
			readFileSync(new URL("promised-targets.yaml", import.meta.url), "utf8"),
		),
	);

/** The promises that count where these addons run. */
export function promisesWith(addons: readonly string[]): PromisedTarget[] {
	return promisedTargets.filter(
		({ addon }) => addon === undefined || addons.includes(addon),
	);
}

/** Names of PodMonitors whose pools may be without targets. */
export const mayFindNothing: readonly string[] = promisedTargets.flatMap(
	(each) =>
		"podMonitor" in each && each.mayFindNothing ? [each.podMonitor] : [],
);

/**
 * Looks for what was promised among what Prometheus scrapes.
 *
 * @param nodes names of all nodes of the cluster
 * @returns a sentence for each promise that is not kept
 */
export async function findBrokenPromises(
	promises: readonly PromisedTarget[],
	prometheus: PrometheusClient,
	nodes: readonly string[],
): Promise<string[]> {
	const { active } = await prometheus.targets({ state: "active" });
	const broken = await Promise.all(
		promises.map(async (each) => {
			if ("podMonitor" in each)
				return explainPodMonitor(each, await loadedPools(prometheus));
			const series = await prometheus.query(
				`group by (job, instance) (${each.series})`,
			);
			return explainSeries(each, series, active, nodes);
		}),
	);
	return broken.flat();
}

async function loadedPools(prometheus: PrometheusClient): Promise<string[]> {
	const { scrape_configs } = await prometheus.config();
	return scrape_configs.map(({ job_name }) => job_name);
}

function explainPodMonitor(
	{ component, podMonitor }: { component: string; podMonitor: string },
	pools: readonly string[],
): string[] {
	const pattern = /^podMonitor\/[^/]+\/([^/]+)\/\d+$/;
	return pools.some((pool) => pattern.exec(pool)?.[1] === podMonitor)
		? []
		: [
				`${component}: Prometheus has no scrape pool of PodMonitor ${podMonitor}`,
			];
}

function explainSeries(
	{ component, series, on }: Extract<PromisedTarget, { series: string }>,
	found: readonly InstantSeries[],
	active: readonly ActiveTarget[],
	nodes: readonly string[],
): string[] {
	const targets = active.filter(({ labels }) =>
		found.some(
			({ metric }) =>
				metric.job === labels.job && metric.instance === labels.instance,
		),
	);
	if (targets.length === 0)
		return [`${component}: Prometheus has no series ${series} from any target`];
	const down = targets.filter(({ health }) => health !== "up");
	const bare = nodes.filter(
		(node) =>
			!targets.some(
				({ discoveredLabels }) =>
					discoveredLabels.__meta_kubernetes_pod_node_name === node,
			),
	);
	return [
		...down.map((target) => `${component}: ${describeHealth(target)}`),
		...(on === "every node"
			? bare.map((node) => `${component}: no target on node ${node}`)
			: []),
	];
}
