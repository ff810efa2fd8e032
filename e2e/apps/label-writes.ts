import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { parseDuration } from "../common/duration.ts";
import {
	describeStep,
	type RelabelStep,
	relabelWith,
} from "../common/relabelling/relabel.ts";

/** The labels that tell a pod from all others, with the discovered labels that the operator makes them of. */
const identity: Readonly<Record<string, string>> = {
	namespace: "__meta_kubernetes_namespace",
	pod: "__meta_kubernetes_pod_name",
	container: "__meta_kubernetes_pod_container_name",
};
/** Actions that write `target_label`. */
const writing = /^(replace|lowercase|uppercase|hashmod)$/;

/**
 * A sentence for each step of a pool's relabelling that gives some applications another namespace, pod or container than
 * they have. The planted pods meet few of such steps, because they have names and namespaces of their own.
 */
export function findRewrites(
	pool: string,
	steps: readonly RelabelStep[],
): string[] {
	return steps
		.filter(
			(step) =>
				writing.test(step.action) &&
				step.target_label in identity &&
				!isTrue(step),
		)
		.map(
			(step) =>
				`pool ${pool} rewrites label ${step.target_label} of some pods (${describeStep(step)}): their series are another one's`,
		);
}

/** Whether a step writes what the operator would, or what the application itself says (as honorLabels does). */
function isTrue(step: RelabelStep): boolean {
	const { action, source_labels, target_label, regex, replacement } = step;
	const [source, ...others] = source_labels;
	const isOwn =
		source !== undefined &&
		others.length === 0 &&
		[target_label, identity[target_label], `exported_${target_label}`].includes(
			source,
		);
	const isCopy =
		action === "replace" &&
		/^\(\.[*+]\)$/.test(regex) &&
		/^\$(1|\{1\})$/.test(replacement);
	// Kubernetes' names have no capital letters.
	return isOwn && (isCopy || action === "lowercase");
}

/** What tells the series of a histogram, or of a summary, apart in any application. */
const parts = [
	{ __name__: "any_seconds_bucket", le: "0.5" },
	{ __name__: "any_seconds", quantile: "0.5" },
] as const;

/**
 * A sentence for each step of a pool's metric relabelling that takes away what tells the series of a histogram or of a
 * summary apart. Which of its series an application stores is its own concern, but not that one is stored for all.
 */
export function findMerged(
	pool: string,
	steps: readonly RelabelStep[],
): string[] {
	return parts.flatMap((part) => {
		const [, label = ""] = Object.keys(part);
		const stored = relabelWith(steps, part);
		if (!stored || stored[label]) return [];
		const step = steps.find(
			(_, i) => !relabelWith(steps.slice(0, i + 1), part)?.[label],
		);
		return step
			? [
					`pool ${pool} takes the label ${label} from series (${describeStep(step)}): of all parts of an application's ${label === "le" ? "histogram" : "summary"} only one is stored`,
				]
			: [];
	});
}

/**
 * A sentence for each step that gives some pods an interval of their own, or a time-out that is longer than the pool's
 * interval: Prometheus then refuses the target, and only its log says so. What an annotation of the pod says is not known.
 */
export function findForeignTimings(
	{ job_name: pool, scrape_interval }: ScrapeConfig,
	steps: readonly RelabelStep[],
): string[] {
	const due = parseDuration(scrape_interval);
	return steps.flatMap((step) => {
		const { target_label, replacement } = step;
		if (replacement.includes("$")) return [];
		if (
			target_label === "__scrape_interval__" &&
			parseDuration(replacement) !== due
		)
			return [
				`pool ${pool} scrapes some pods each ${replacement} instead of ${scrape_interval} (${describeStep(step)})`,
			];
		if (
			target_label === "__scrape_timeout__" &&
			parseDuration(replacement) > due
		)
			return [
				`pool ${pool} gives some pods a time-out of ${replacement}, longer than its interval of ${scrape_interval} (${describeStep(step)}): Prometheus refuses them`,
			];
		return [];
	});
}
