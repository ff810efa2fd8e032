import type { KubeClient } from "../clients/kubernetes.ts";
import type { InstantSeries } from "../clients/prometheus-schemas.ts";
import { listOwnNamespaces } from "../scraping/cluster-state.ts";
import type { Scope } from "./state/scope.ts";

/**
 * The namespaces whose objects are compared with their series: those of the homelab and this claim's own. Other tests
 * plant and delete theirs meanwhile, and a person may leave out some.
 */
export async function listJudged(
	kube: KubeClient,
	planted: string,
	{ leftOut }: Pick<Scope, "leftOut">,
): Promise<ReadonlySet<string>> {
	const namespaces = new Set([planted, ...(await listOwnNamespaces(kube))]);
	for (const each of leftOut) namespaces.delete(each);
	return namespaces;
}

/** The series of objects in some namespaces. */
export function takeOf(
	namespaces: ReadonlySet<string>,
	series: readonly InstantSeries[],
): InstantSeries[] {
	return series.filter(({ metric }) => namespaces.has(metric.namespace ?? ""));
}
