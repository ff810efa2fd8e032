import { sumBy } from "es-toolkit";
import type { Pod } from "../clients/kube-objects.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { whyLost } from "../scraping/losing-step.ts";
import { whyNotHonored } from "./honor-labels.ts";

type Labels = Readonly<Record<string, string>>;
type ContainerTarget = Pick<ActiveTarget, "labels" | "scrapePool">;

/** cAdvisor's samples have times of their own, which are some milliseconds older than the scrape: up to this many. */
const oldestSample = 30_000;

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

/** Waits until each was scraped so late that its samples are newer than a moment in milliseconds, and returns them. */
export function waitForContainerScrapes(
	prometheus: PrometheusClient,
	moment: number,
): Promise<ActiveTarget[]> {
	return eventually(
		"cAdvisor was scraped on every node",
		budgets.scrapeInterval,
		async () => {
			const { active } = await prometheus.targets({ state: "active" });
			const targets = takeContainerTargets(active);
			const late = targets.filter(
				({ lastScrape }) => Date.parse(lastScrape) < moment + oldestSample,
			);
			return late.length === 0
				? targets
				: notYet(
						late
							.map(
								({ scrapeUrl, lastScrape }) =>
									`${scrapeUrl} was scraped at ${lastScrape}`,
							)
							.join("; "),
					);
		},
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
 *
 * @param series labels of cAdvisor's
 * @param targets at which they are scraped
 */
export function findMisplaced(
	series: readonly Labels[],
	pods: readonly Pick<Pod, "metadata">[],
	targets: readonly Pick<ActiveTarget, "scrapePool">[],
	configs: readonly ScrapeConfig[],
): string[] {
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
