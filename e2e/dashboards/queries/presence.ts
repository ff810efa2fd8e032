import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type { LabelMatcher } from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { listNodeExporters } from "../../kube-metrics/node-series.ts";
import { findListAgainst } from "../../kube-metrics/state/scope.ts";
import {
	listStatePods,
	readStateSource,
} from "../../kube-metrics/state/state-source.ts";
import { argumentsOf } from "../../kube-metrics/target-pods.ts";
import { whyLost } from "../../scraping/losing-step.ts";

/** What decides whether Node Exporter and kube-state-metrics have something to expose, and Prometheus stores it. */
export interface Presence {
	/**
	 * Whether there is an object in a namespace that is watched.
	 *
	 * @param kind with its API version, e.g. `batch/v1 CronJob`
	 * @param matchers of the label namespace
	 */
	readonly hasObject: (
		kind: string,
		matchers: readonly LabelMatcher[],
	) => Promise<boolean>;
	/** By which setting a metric is never stored, whatever there is, as a clause; undefined if by none. */
	readonly whyWithheld: (metric: string) => string | undefined;
}

/** The names of all namespaces. */
export async function listNamespaces(kube: KubeClient): Promise<string[]> {
	const found = await kube.list({ apiVersion: "v1", kind: "Namespace" });
	return found.map(({ metadata }) => metadata.name);
}

/** @param namespace the stack's */
export async function readPresence(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
): Promise<Presence> {
	const state = await readStateSource(kube, prometheus, namespace);
	const args = argumentsOf(await listStatePods(kube, namespace));
	const { active } = await prometheus.targets({ state: "active" });
	const exporters = await listNodeExporters(prometheus, active);
	const listed = new Map<string, Promise<readonly (string | undefined)[]>>();
	const list = async (kind: string) => {
		const [apiVersion = "", name = ""] = kind.split(" ");
		const found = await kube.list({ apiVersion, kind: name });
		return found.map(({ metadata }) => metadata.namespace);
	};
	return {
		hasObject: async (kind, matchers) => {
			const known = listed.get(kind) ?? list(kind);
			listed.set(kind, known);
			return (await known).some(
				(each) =>
					each === undefined ||
					(!state.scope.leftOut.includes(each) &&
						matchers.every((matcher) => matches(matcher, each))),
			);
		},
		whyWithheld: (metric) => {
			const isState = metric.startsWith("kube_");
			const own = { __name__: metric };
			const [lost] = (isState ? state.targets : exporters).flatMap(
				({ labels, scrapePool }) =>
					whyLost(scrapePool, state.configs, { ...labels, ...own }, own) ?? [],
			);
			const list = isState ? findListAgainst(args, metric) : undefined;
			return list ? `kube-state-metrics runs with ${list}` : lost;
		},
	};
}
