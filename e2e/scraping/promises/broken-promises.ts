import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type {
	ActiveTarget,
	InstantSeries,
	ScrapeConfig,
} from "../../clients/prometheus-schemas.ts";
import { whyLost } from "../losing-step.ts";
import { whyLeftOut } from "../own-rules.ts";
import {
	findTargetsOf,
	type PromisedComponent,
	type PromisedTarget,
	takeByImage,
} from "../promised-targets.ts";
import { keyOfSeries, sourceOf } from "../series-labels.ts";
import { describeHealth } from "../target-health.ts";
import {
	findBoundDaemonSets,
	findNodesLeftOut,
	listDaemonSets,
	type PlacedDaemonSet,
} from "./every-node.ts";

type Prometheus = Pick<PrometheusClient, "targets" | "config" | "query">;

/** What promises are compared with, besides what Prometheus scrapes. */
export interface PromiseGround {
	/** Names of all nodes of the cluster. */
	readonly nodes: readonly string[];
	readonly daemonSets: readonly PlacedDaemonSet[];
	/** Milliseconds: only newer samples count, because a series can be queried until its target's next scrape. */
	readonly since: number;
}

/** Reads it from the cluster. @param since as in the result */
export async function readPromiseGround(
	kube: KubeClient,
	since: number,
): Promise<PromiseGround> {
	const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
	return {
		nodes: nodes.map(({ metadata }) => metadata.name),
		daemonSets: await listDaemonSets(kube),
		since,
	};
}

/** What is known of a component's targets. */
interface FoundTargets {
	readonly targets: readonly ActiveTarget[];
	/** The sources of each of its series, by `sourceOf`. */
	readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
	readonly configs: readonly ScrapeConfig[];
	/** Of targets of which relabelling drops every sample. */
	readonly emptied: readonly InstantSeries[];
}

/**
 * Compares what Prometheus scrapes with promises.
 *
 * @returns a sentence for each broken promise
 */
export async function findBrokenPromises(
	promises: readonly PromisedTarget[],
	prometheus: Prometheus,
	ground: PromiseGround,
): Promise<string[]> {
	if (promises.length === 0) return ["there is no promise to check"];
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs: configs } = await prometheus.config();
	const emptied = await prometheus.query(
		"scrape_samples_post_metric_relabeling == 0 and scrape_samples_scraped > 0",
	);
	const broken = await Promise.all(
		promises.map(async (each) => {
			if ("podMonitor" in each)
				return explainPodMonitor(
					each,
					configs.map(({ job_name }) => job_name),
				);
			const targets = await findTargetsOf(each, active, prometheus);
			const sources = await readSources(each.series, prometheus, ground.since);
			const found = { targets, sources, configs, emptied };
			return [
				...explainSeries(each, found),
				...(targets.length > 0 ? explainTargets(each, found) : []),
				...(each.on === "every node" ? explainNodes(each, found, ground) : []),
			];
		}),
	);
	return broken.flat();
}

async function readSources(
	series: readonly string[],
	prometheus: Prometheus,
	since: number,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const entries = await Promise.all(
		series.map(async (name) => {
			const groups = await prometheus.query(
				`group by (job, instance) (timestamp(${name}) > ${since / 1000})`,
			);
			return [
				name,
				new Set(groups.map(({ metric }) => sourceOf(metric))),
			] as const;
		}),
	);
	return new Map(entries);
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

/** Each series must come from some target, and from each target of a pool if it comes from one of them. */
function explainSeries(
	{ component, series }: PromisedComponent,
	{ targets, sources, configs }: FoundTargets,
): string[] {
	return series.flatMap((name) => {
		const hasIt = (target: ActiveTarget) =>
			sources.get(name)?.has(keyOfSeries(target, name, configs)) ?? false;
		const why = (of: readonly ActiveTarget[]) => {
			const own = { __name__: name };
			const clauses = of.flatMap(
				({ labels, scrapePool }) =>
					whyLost(scrapePool, configs, { ...labels, ...own }, own) ?? [],
			);
			return clauses.length > 0 ? `: ${[...new Set(clauses)].join("; ")}` : "";
		};
		if (!targets.some(hasIt))
			return [
				`${component}: Prometheus has no series ${name} from any target${why(targets)}`,
			];
		return [
			...Map.groupBy(targets, ({ scrapePool }) => scrapePool).values(),
		].flatMap((pool) => {
			if (!pool.some(hasIt)) return [];
			return pool
				.filter((target) => target.health === "up" && !hasIt(target))
				.map(
					(target) =>
						`${component}: no series ${name} of ${target.scrapeUrl} in ${target.scrapePool}, which has it of others${why([target])}`,
				);
		});
	});
}

const ofServiceMonitor = /^serviceMonitor\//;

function explainTargets(
	promised: PromisedComponent,
	{ targets, emptied }: FoundTargets,
): string[] {
	const { component, addon } = promised;
	const without = new Set(emptied.map(({ metric }) => sourceOf(metric)));
	const empty = takeByImage(promised, targets).filter(({ labels }) =>
		without.has(sourceOf(labels)),
	);
	// Another job may scrape it as well.
	const others =
		addon &&
		!targets.some(({ scrapePool }) => ofServiceMonitor.test(scrapePool))
			? targets
			: [];
	return [
		...empty.map(
			({ scrapePool, scrapeUrl }) =>
				`${component}: metric relabelling of ${scrapePool} drops every sample of ${scrapeUrl}`,
		),
		...others.map(
			({ scrapePool }) =>
				`${component}: ${scrapePool} scrapes it, not a ServiceMonitor of its own`,
		),
		...targets
			.filter(({ health }) => health !== "up")
			.map((target) => `${component}: ${describeHealth(target)}`),
	];
}

function explainNodes(
	promised: PromisedComponent,
	{ targets, configs }: FoundTargets,
	{ nodes, daemonSets }: PromiseGround,
): string[] {
	const { component } = promised;
	if (nodes.length === 0) return [`${component}: the cluster has no node`];
	const pools = [...new Set(targets.map(({ scrapePool }) => scrapePool))];
	const why = pools.flatMap((pool) => whyLeftOut(pool, configs) ?? []);
	const scraped = new Set(
		targets.map(
			({ discoveredLabels }) =>
				discoveredLabels.__meta_kubernetes_pod_node_name,
		),
	);
	const unscraped = targets.length > 0 ? nodes : [];
	return [
		...unscraped
			.filter((node) => !scraped.has(node))
			.map(
				(node) =>
					`${component}: no target on node ${node}; those of other nodes are in ${[pools.join(", "), ...why].join("; ")}`,
			),
		...findNodesLeftOut(component, pools, configs),
		...findBoundDaemonSets(promised, daemonSets),
	];
}
