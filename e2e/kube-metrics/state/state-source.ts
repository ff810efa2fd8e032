import { type Pod, pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../../clients/prometheus-schemas.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { takeComponentPods } from "../../placement/placed-pods.ts";
import { promisedComponent } from "../../scraping/promised-targets.ts";
import { sourceOf } from "../../scraping/series-labels.ts";
import { argumentsOf, takePodsOf } from "../target-pods.ts";
import { makeScope, type Scope } from "./scope.ts";

/** What decides which series of kube-state-metrics are stored, and with which labels. */
export interface StateSource {
	readonly scope: Scope;
	readonly targets: readonly Pick<ActiveTarget, "labels" | "scrapePool">[];
	readonly configs: readonly ScrapeConfig[];
}

/** kube-state-metrics' pods. @param namespace the stack's */
export async function listStatePods(
	kube: KubeClient,
	namespace: string,
): Promise<Pod[]> {
	const all = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
	return takeComponentPods(
		all,
		promisedComponent("kube-state-metrics"),
		namespace,
	);
}

/** Finds kube-state-metrics by its pods. @param namespace the stack's */
export async function readStateSource(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
): Promise<StateSource> {
	const own = await listStatePods(kube, namespace);
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	return {
		scope: makeScope(argumentsOf(own)),
		targets: active.filter((target) => takePodsOf(target, own).length > 0),
		configs: scrape_configs,
	};
}

/**
 * Waits until each target of kube-state-metrics was scraped after a moment in milliseconds. Its series `up` is stored
 * with all others, and no relabelling drops it.
 */
export async function waitForStateScrape(
	prometheus: PrometheusClient,
	{ targets }: Pick<StateSource, "targets">,
	moment: number,
): Promise<void> {
	await eventually(
		"kube-state-metrics was scraped",
		budgets.objectState,
		async () => {
			const scraped = await prometheus.query(
				`timestamp(up) > ${moment / 1000}`,
			);
			const keys = new Set(scraped.map(({ metric }) => sourceOf(metric)));
			const late = targets.filter(({ labels }) => !keys.has(sourceOf(labels)));
			if (targets.length === 0)
				return notYet("Prometheus has no target of its pods");
			if (late.length > 0)
				return notYet(
					`${late.map(({ labels }) => sourceOf(labels)).join("; ")} was not`,
				);
		},
	);
}
