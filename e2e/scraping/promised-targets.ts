import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { describeHealth } from "./compare-pools.ts";
import { whyLeftOut } from "./own-rules.ts";
import { keyOfSeries, sourceOf } from "./series-labels.ts";

const promise = z.union([
	z.strictObject({
		component: z.string(),
		/** A metric that only this component exposes. */
		series: z.string(),
		on: z.literal("every node").optional(),
		/**
		 * The image of its container: a regular expression for the last part of its repository. Registries and tags may
		 * differ, names of pods and jobs too.
		 */
		image: z.string().optional(),
		/** An argument of its container, where several components have the same image. */
		argument: z.string().optional(),
		/** The only tier that it may run on. */
		tier: z.enum(["medium", "large"]).optional(),
		/** The addon that it is part of: promised only if that runs. */
		addon: z.string().optional(),
	}),
	z.strictObject({
		component: z.string(),
		podMonitor: z.string(),
		/** Whether its pools may be without targets. */
		mayFindNothing: z.boolean().default(false),
	}),
]);
export type PromisedTarget = z.infer<typeof promise>;
/** A component that is recognised by a series of its own. */
export type PromisedComponent = Extract<PromisedTarget, { series: string }>;

/** What the homelab promises to scrape. */
export const promisedTargets: readonly PromisedTarget[] = z
	.array(promise)
	.min(1)
	.parse(
		parse(
			readFileSync(new URL("promised-targets.yaml", import.meta.url), "utf8"),
		),
	);

/** Those that are recognised by a series. */
export const promisedComponents: readonly PromisedComponent[] =
	promisedTargets.filter((each) => "series" in each);

/** One of them. @throws Error if promised-targets.yaml has none of this name */
export function promisedComponent(name: string): PromisedComponent {
	const found = promisedComponents.find(({ component }) => component === name);
	if (!found) throw new Error(`promised-targets.yaml has no component ${name}`);
	return found;
}

/** Names of PodMonitors whose pools may be without targets. */
export const mayFindNothing: readonly string[] = promisedTargets.flatMap(
	(each) =>
		"podMonitor" in each && each.mayFindNothing ? [each.podMonitor] : [],
);

/**
 * Compares what Prometheus scrapes with promises.
 *
 * @param nodes names of all nodes of the cluster
 * @returns a sentence for each broken promise
 */
export async function findBrokenPromises(
	promises: readonly PromisedTarget[],
	prometheus: PrometheusClient,
	nodes: readonly string[],
): Promise<string[]> {
	if (promises.length === 0) return ["there is no promise to check"];
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	const broken = await Promise.all(
		promises.map(async (each) => {
			if ("podMonitor" in each)
				return explainPodMonitor(
					each,
					scrape_configs.map(({ job_name }) => job_name),
				);
			return explainSeries(
				each,
				await findTargetsOf(each, active, prometheus),
				nodes,
				scrape_configs,
			);
		}),
	);
	return broken.flat();
}

/** The active targets from which Prometheus has a component's series. */
export async function findTargetsOf(
	{ series }: PromisedComponent,
	active: readonly ActiveTarget[],
	prometheus: PrometheusClient,
): Promise<ActiveTarget[]> {
	const found = await prometheus.query(`group by (job, instance) (${series})`);
	const keys = new Set(found.map(({ metric }) => sourceOf(metric)));
	const { scrape_configs } = await prometheus.config();
	return active.filter((target) =>
		keys.has(keyOfSeries(target, series, scrape_configs)),
	);
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

const ofServiceMonitor = /^serviceMonitor\//;

function explainSeries(
	{ component, series, on, addon }: PromisedComponent,
	targets: readonly ActiveTarget[],
	nodes: readonly string[],
	configs: readonly ScrapeConfig[],
): string[] {
	if (targets.length === 0)
		return [`${component}: Prometheus has no series ${series} from any target`];
	const down = targets.filter(({ health }) => health !== "up");
	if (on === "every node" && nodes.length === 0)
		return [`${component}: the cluster has no node`];
	const missing = nodes.filter(
		(node) =>
			!targets.some(
				({ discoveredLabels }) =>
					discoveredLabels.__meta_kubernetes_pod_node_name === node,
			),
	);
	const pools = [...new Set(targets.map(({ scrapePool }) => scrapePool))];
	const why = pools.flatMap((pool) => whyLeftOut(pool, configs) ?? []);
	// Another job may scrape it as well.
	const others =
		addon &&
		!targets.some(({ scrapePool }) => ofServiceMonitor.test(scrapePool))
			? targets
			: [];
	return [
		...others.map(
			({ scrapePool }) =>
				`${component}: ${scrapePool} scrapes it, not a ServiceMonitor of its own`,
		),
		...down.map((target) => `${component}: ${describeHealth(target)}`),
		...(on === "every node"
			? missing.map(
					(node) =>
						`${component}: no target on node ${node}; those of other nodes are in ${[pools.join(", "), ...why].join("; ")}`,
				)
			: []),
	];
}
