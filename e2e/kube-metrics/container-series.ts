import { sumBy } from "es-toolkit";
import type { Pod } from "../clients/kube-objects.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { whyLost } from "../scraping/losing-step.ts";
import { whyNotHonored } from "./state/honor-labels.ts";

type Labels = Readonly<Record<string, string>>;
type ContainerTarget = Pick<ActiveTarget, "labels" | "scrapePool">;

/** A metric that cAdvisor has of every container. */
export const containerMetric = "container_memory_working_set_bytes";

/** The targets at which kubelets serve cAdvisor's metrics. Those that are down are another claim's. */
export function takeContainerTargets<
	T extends Pick<ActiveTarget, "discoveredLabels" | "health">,
>(active: readonly T[]): T[] {
	return active.filter(
		({ discoveredLabels, health }) =>
			discoveredLabels.__metrics_path__ === "/metrics/cadvisor" &&
			health !== "down",
	);
}

/** How many of cAdvisor's series are about a pod of the cluster, as far as names can tell. */
export function countKnown(
	series: readonly Labels[],
	pods: readonly Pick<Pod, "metadata">[],
): number {
	const names = new Set(pods.map(({ metadata }) => metadata.name));
	return sumBy(series, ({ pod = "" }) => (names.has(pod) ? 1 : 0));
}

/** Why no series is of a pod, as clauses. */
export function explainNone(
	targets: readonly ContainerTarget[],
	pods: readonly Pick<Pod, "metadata">[],
	configs: readonly ScrapeConfig[],
): string[] {
	const causes = targets.flatMap(({ labels, scrapePool }) =>
		pods.flatMap(({ metadata: { name, namespace = "" } }) => {
			const own = { __name__: containerMetric, namespace, pod: name };
			return whyLost(scrapePool, configs, { ...labels, ...own }, own) ?? [];
		}),
	);
	return [...new Set(causes)];
}

/**
 * A sentence for each namespace whose containers' series say that they are of another one. Series of pods that the
 * cluster does not have are of such as were deleted.
 */
export function findMisplaced({
	series,
	pods,
	targets,
	configs,
}: {
	/** Labels of cAdvisor's series. */
	readonly series: readonly Labels[];
	readonly pods: readonly Pick<Pod, "metadata">[];
	readonly targets: readonly Pick<ActiveTarget, "scrapePool">[];
	readonly configs: readonly ScrapeConfig[];
}): string[] {
	const namespacesOf = Map.groupBy(pods, ({ metadata }) => metadata.name);
	const misplaced = series.flatMap(({ pod = "", namespace = "" }) => {
		const own = (namespacesOf.get(pod) ?? []).map(
			({ metadata }) => metadata.namespace ?? "",
		);
		return own.length === 0 || own.includes(namespace)
			? []
			: [{ pod, said: namespace, real: own.join(" or ") }];
	});
	const causes = [
		...new Set(
			targets.flatMap(
				({ scrapePool }) => whyNotHonored(scrapePool, configs) ?? [],
			),
		),
	];
	return [
		...Map.groupBy(misplaced, ({ said, real }) => `${real}/${said}`).values(),
	].map((own) => {
		const [{ pod = "", said = "", real = "" } = {}] = own;
		const names = new Set(own.map((each) => each.pod)).size;
		return [
			`${containerMetric} of ${names} pods of namespace ${real}, such as ${pod}, has ${said ? `namespace ${said}` : "no namespace"}`,
			...causes,
		].join("; ");
	});
}
