import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	InstantSeries,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { whyLeftOut } from "./own-rules.ts";
import { keyOfSeries, sourceOf } from "./series-labels.ts";
import { describeHealth } from "./target-health.ts";

const promise = z.union([
	z.strictObject({
		component: z.string(),
		/** Metrics that only this component exposes, one for each of its endpoints. */
		series: z.union([
			z.string().transform((only) => [only]),
			z.array(z.string()).min(1),
		]),
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
/** A component that is recognised by its image, or by series of its own. */
export type PromisedComponent = Extract<PromisedTarget, { series: string[] }>;

/** What the homelab promises to scrape. */
export const promisedTargets: readonly PromisedTarget[] = z
	.array(promise)
	.min(1)
	.parse(
		parse(
			readFileSync(new URL("promised-targets.yaml", import.meta.url), "utf8"),
		),
	);

/** The components among them. */
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
	prometheus: Prometheus,
	nodes: readonly string[],
): Promise<string[]> {
	if (promises.length === 0) return ["there is no promise to check"];
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	const emptied = await prometheus.query(
		"scrape_samples_post_metric_relabeling == 0 and scrape_samples_scraped > 0",
	);
	const broken = await Promise.all(
		promises.map(async (each) => {
			if ("podMonitor" in each)
				return explainPodMonitor(
					each,
					scrape_configs.map(({ job_name }) => job_name),
				);
			return explainComponent(
				each,
				await findTargets(each, active, prometheus),
				{ nodes, configs: scrape_configs, emptied },
			);
		}),
	);
	return broken.flat();
}

type Prometheus = Pick<PrometheusClient, "targets" | "config" | "query">;

/** What is known of a component's targets. */
interface FoundTargets {
	readonly targets: readonly ActiveTarget[];
	/** Its series that Prometheus does not have. */
	readonly absent: readonly string[];
	/** Whether its targets are known by their image, and its series do not matter. */
	readonly byImage: boolean;
}

/**
 * The active targets of a component: those of containers with its image, whatever is stored of them. Where Prometheus
 * does not know images, or several components share one, those from which it has the component's series.
 */
export async function findTargetsOf(
	component: PromisedComponent,
	active: readonly ActiveTarget[],
	prometheus: Prometheus,
): Promise<ActiveTarget[]> {
	return [...(await findTargets(component, active, prometheus)).targets];
}

async function findTargets(
	component: PromisedComponent,
	active: readonly ActiveTarget[],
	prometheus: Prometheus,
): Promise<FoundTargets> {
	const own = takeByImage(component, active);
	if (own.length > 0) return { targets: own, absent: [], byImage: true };
	const { scrape_configs } = await prometheus.config();
	const found = await Promise.all(
		component.series.map(async (series) => {
			const groups = await prometheus.query(
				`group by (job, instance) (${series})`,
			);
			const keys = new Set(groups.map(({ metric }) => sourceOf(metric)));
			return active.filter((target) =>
				keys.has(keyOfSeries(target, series, scrape_configs)),
			);
		}),
	);
	return {
		targets: [...new Set(found.flat())],
		absent: component.series.filter((_, i) => found[i]?.length === 0),
		byImage: false,
	};
}

/** The targets that are a container of a component's own image. */
export function takeByImage(
	{ image, argument }: Pick<PromisedComponent, "image" | "argument">,
	active: readonly ActiveTarget[],
): ActiveTarget[] {
	if (image === undefined || argument !== undefined) return [];
	const pattern = imagePattern(image);
	return active.filter(({ discoveredLabels }) =>
		pattern.test(discoveredLabels.__meta_kubernetes_pod_container_image ?? ""),
	);
}

/** Matches image references, by a regular expression for the last part of their repository. */
export function imagePattern(image: string): RegExp {
	return new RegExp(`^(.*/)?(${image})(:[^/]*)?(@.*)?$`);
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

function explainComponent(
	{ component, on, addon }: PromisedComponent,
	{ targets, absent, byImage }: FoundTargets,
	{
		nodes,
		configs,
		emptied,
	}: {
		readonly nodes: readonly string[];
		readonly configs: readonly ScrapeConfig[];
		/** Of targets of which relabelling drops every sample. */
		readonly emptied: readonly InstantSeries[];
	},
): string[] {
	const missing = absent.map(
		(series) =>
			`${component}: Prometheus has no series ${series} from any target`,
	);
	if (targets.length === 0) return missing;
	const without = new Set(emptied.map(({ metric }) => sourceOf(metric)));
	const empty = byImage
		? targets.filter(({ labels }) => without.has(sourceOf(labels)))
		: [];
	const down = targets.filter(({ health }) => health !== "up");
	if (on === "every node" && nodes.length === 0)
		return [`${component}: the cluster has no node`];
	const unscraped = nodes.filter(
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
		...missing,
		...empty.map(
			({ scrapePool, scrapeUrl }) =>
				`${component}: metric relabelling of ${scrapePool} drops every sample of ${scrapeUrl}`,
		),
		...others.map(
			({ scrapePool }) =>
				`${component}: ${scrapePool} scrapes it, not a ServiceMonitor of its own`,
		),
		...down.map((target) => `${component}: ${describeHealth(target)}`),
		...(on === "every node"
			? unscraped.map(
					(node) =>
						`${component}: no target on node ${node}; those of other nodes are in ${[pools.join(", "), ...why].join("; ")}`,
				)
			: []),
	];
}
