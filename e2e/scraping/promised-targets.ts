import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { keyOfSeries, sourceOf } from "./series-labels.ts";

const promise = z.union([
	z.strictObject({
		component: z.string(),
		/** Metrics that only this component exposes, from its start on: at least one for each of its endpoints. */
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
 * The active targets of a component: those of containers with its image, whatever is stored of them. Where Prometheus
 * does not know images, or several components share one, those from which it has some of the component's series.
 */
export async function findTargetsOf(
	component: PromisedComponent,
	active: readonly ActiveTarget[],
	prometheus: Pick<PrometheusClient, "config" | "query">,
): Promise<ActiveTarget[]> {
	const own = takeByImage(component, active);
	if (own.length > 0) return own;
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
	return [...new Set(found.flat())];
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
