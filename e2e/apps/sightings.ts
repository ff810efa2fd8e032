import type { ScrapeConfig, Targets } from "../clients/prometheus-schemas.ts";
import { HopelessError, type NotYet, notYet } from "../common/eventually.ts";
import { describeHealth } from "../scraping/target-health.ts";
import { type AppsTargets, appsPool } from "./apps-targets.ts";
import { findDroppingRule } from "./pool-relabelling.ts";
import type { SamplePod } from "./sample-pods.ts";

/** The active targets of a pod. */
export function activeTargetsOf(
	{ active }: Pick<Targets, "active">,
	{ namespace, name }: SamplePod,
): Targets["active"] {
	return active.filter(({ discoveredLabels }) =>
		belongsTo(discoveredLabels, namespace, name),
	);
}

/**
 * Why a pod does not have exactly one target, of PodMonitor o11y-apps and up; undefined if it has.
 *
 * @throws HopelessError if no pool can get it: each has discovered the ready pod and dropped it, or does not look for it;
 *   or if its answer exceeds a limit
 */
export function whyNotScraped(
	targets: Pick<AppsTargets, "active" | "dropped" | "pools" | "configs">,
	pod: SamplePod,
): NotYet | undefined {
	const [target, ...others] = activeTargetsOf(targets, pod);
	if (!target) {
		const leftOut = explainLeftOut(targets, pod);
		if (leftOut) throw new HopelessError(leftOut);
		return notYet(`pod ${pod.name} has no target`);
	}
	if (others.length > 0)
		return notYet(
			`pod ${pod.name} has ${others.length + 1} targets: ${[target, ...others].map(({ scrapePool }) => scrapePool).join(", ")}`,
		);
	if (!appsPool.test(target.scrapePool))
		return notYet(`pod ${pod.name} is scraped by ${target.scrapePool}`);
	if (target.health === "up") return undefined;
	const clause = `pod ${pod.name}: ${describeHealth(target)}`;
	// The pod has as much to show the next time.
	if (/(?<!target_)limit exceeded/.test(target.lastError))
		throw new HopelessError(clause);
	return notYet(clause);
}

/**
 * Why not every pool of PodMonitor o11y-apps has discovered and dropped a pod; undefined if every one has. In a pool that
 * may not list it, a canary stands for that: the pod has no target although the pool has discovered the canary's mark,
 * which is younger than the pod, and scrapes the canary.
 *
 * @param mark the label by which a pool has discovered a canary's mark
 * @throws HopelessError if the pod is scraped, or a pool does not look into its namespace
 */
export function whyNotDropped(
	targets: AppsTargets,
	pod: SamplePod,
	mark: string,
): NotYet | undefined {
	const [scraped] = activeTargetsOf(targets, pod);
	if (scraped)
		throw new HopelessError(
			`pod ${pod.name} did not opt in and has a target in ${scraped.scrapePool}: ${scraped.scrapeUrl}`,
		);
	if (targets.pools.length === 0)
		return notYet("PodMonitor o11y-apps has no scrape pool");
	const missing = targets.pools.filter(
		(pool) =>
			!targets.dropped.some(
				({ scrapePool, discoveredLabels }) =>
					scrapePool === pool &&
					belongsTo(discoveredLabels, pod.namespace, pod.name),
			),
	);
	const unlisted = missing.filter((pool) => !targets.incomplete.has(pool));
	if (unlisted.length > 0) {
		const blind = unlisted.flatMap(
			(pool) => whyNotDiscovered(pool, targets.configs, pod) ?? [],
		);
		if (blind.length > 0) throw new HopelessError(blind.join("; "));
		return notYet(
			`pod ${pod.name} is not among the dropped targets of ${unlisted.join(", ")}`,
		);
	}
	const unmarked = missing.filter(
		(pool) =>
			!targets.active.some(
				({ scrapePool, discoveredLabels, health }) =>
					scrapePool === pool &&
					health === "up" &&
					discoveredLabels[mark] === "true",
			),
	);
	return unmarked.length === 0
		? undefined
		: notYet(
				`${unmarked.map((pool) => `${pool} may not list pod ${pod.name} because ${targets.incomplete.get(pool)}, and has discovered no change of a scraped pod since then`).join("; ")}`,
			);
}

/** Why each pool leaves out a ready pod; undefined unless every pool does. */
function explainLeftOut(
	targets: Pick<AppsTargets, "dropped" | "pools" | "configs">,
	pod: SamplePod,
): string | undefined {
	const { pools } = targets;
	const reasons = pools.flatMap(
		(pool) =>
			whyDropped(pool, targets, pod) ??
			whyNotDiscovered(pool, targets.configs, pod) ??
			[],
	);
	return reasons.length > 0 && reasons.length === pools.length
		? `pod ${pod.name} has no target: ${reasons.join("; ")}`
		: undefined;
}

function whyDropped(
	pool: string,
	{ dropped, configs }: Pick<AppsTargets, "dropped" | "configs">,
	{ namespace, name }: SamplePod,
): string | undefined {
	const found = dropped.find(
		({ scrapePool, discoveredLabels: labels }) =>
			scrapePool === pool &&
			labels.__meta_kubernetes_pod_ready === "true" &&
			belongsTo(labels, namespace, name),
	);
	return (
		found &&
		`${pool} has discovered and dropped it, as ${findDroppingRule(pool, configs, found.discoveredLabels) ?? "its relabelling says"}`
	);
}

/** Where a PodMonitor's namespaceSelector does not match a pod's namespace, Prometheus does not ask for the pod at all. */
function whyNotDiscovered(
	pool: string,
	configs: readonly ScrapeConfig[],
	{ namespace }: SamplePod,
): string | undefined {
	const { kubernetes_sd_configs = [] } =
		configs.find(({ job_name }) => job_name === pool) ?? {};
	const lists = kubernetes_sd_configs.map(
		({ namespaces }) => namespaces?.names ?? [],
	);
	const isElsewhere =
		lists.length > 0 &&
		lists.every((names) => names.length > 0 && !names.includes(namespace));
	return isElsewhere
		? `${pool} only looks into namespace ${[...new Set(lists.flat())].join(", ")}, not into ${namespace}`
		: undefined;
}

function belongsTo(
	labels: Readonly<Record<string, string>>,
	namespace: string,
	name: string,
): boolean {
	return (
		labels.__meta_kubernetes_namespace === namespace &&
		labels.__meta_kubernetes_pod_name === name
	);
}
