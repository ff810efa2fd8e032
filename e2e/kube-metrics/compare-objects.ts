import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { readPhases, readReplicas } from "./cluster-truth.ts";
import { takeOf } from "./judged-namespaces.ts";
import { newestOf } from "./newest.ts";
import { type FactSeries, type ReadFacts, readFacts } from "./truth.ts";
import {
	readCapacitySeries,
	readClaimedVolumes,
} from "./volumes/claimed-volumes.ts";
import {
	capacityMetrics,
	compareCapacities,
} from "./volumes/volume-capacities.ts";

/** A kind of object whose series are compared with the cluster, in all namespaces that are judged. */
export interface ObjectComparison extends FactSeries {
	readonly compare: (
		kube: KubeClient,
		prometheus: PrometheusClient,
		namespaces: ReadonlySet<string>,
	) => Promise<ReadFacts>;
}

const phase = "kube_pod_status_phase";

/** The phase of each pod. */
export const phases: ObjectComparison = {
	by: ["namespace", "pod", "phase"],
	all: { __name__: phase },
	compare: async (kube, prometheus, namespaces) => {
		const series = await prometheus.query(newestOf(phase, `${phase} == 1`));
		return {
			measured: readFacts(takeOf(namespaces, series), phases),
			truth: await readPhases(kube, namespaces),
		};
	},
};

const replicaMetrics = [
	"kube_deployment_spec_replicas",
	"kube_deployment_status_replicas_available",
	"kube_deployment_status_replicas_updated",
] as const;

/** How many replicas each Deployment wants, how many are available, and how many are of its newest revision. */
export const replicas: ObjectComparison = {
	by: ["__name__", "namespace", "deployment"],
	all: {},
	compare: async (kube, prometheus, namespaces) => {
		const series = await Promise.all(
			replicaMetrics.map((metric) => prometheus.query(newestOf(metric))),
		);
		return {
			measured: readFacts(takeOf(namespaces, series.flat()), replicas),
			truth: await readReplicas(kube, namespaces, replicaMetrics),
		};
	},
};

/** The capacity of each volume claim. @param since milliseconds: older samples do not count */
export function makeCapacities(since: number): ObjectComparison {
	return {
		by: ["namespace", "persistentvolumeclaim"],
		all: { __name__: capacityMetrics.requests },
		compare: async (kube, prometheus, namespaces) =>
			compareCapacities(
				await readCapacitySeries(prometheus, since, namespaces),
				await readClaimedVolumes(kube, namespaces),
			),
	};
}
