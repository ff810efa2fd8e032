import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { type SamplePod, sampleContainer } from "./sample-pods.ts";

/**
 * A sentence for each label of a sample pod's target that does not name the pod. The operator sets `namespace`, `pod`
 * and `container`. Of `job` and `instance` only that they tell the target from all others: a person may well have jobs
 * named after applications, and instances after pods.
 *
 * @param active all active targets
 */
export function findWrongLabels(
	target: Pick<ActiveTarget, "labels" | "scrapeUrl" | "scrapePool">,
	{ namespace, name }: Pick<SamplePod, "namespace" | "name">,
	active: readonly Pick<ActiveTarget, "labels" | "scrapeUrl">[],
): string[] {
	const { labels, scrapeUrl, scrapePool } = target;
	const wanted = { namespace, pod: name, container: sampleContainer };
	const problems = Object.entries(wanted).flatMap(([label, value]) =>
		labels[label] === value
			? []
			: [`has ${describe(labels, label)} instead of ${value}`],
	);
	for (const label of ["job", "instance"])
		if (!labels[label]) problems.push(`has ${describe(labels, label)}`);
	const twin = active.find(
		(other) =>
			other.scrapeUrl !== scrapeUrl &&
			other.labels.job === labels.job &&
			other.labels.instance === labels.instance,
	);
	if (twin && labels.job && labels.instance)
		problems.push(
			`has job ${labels.job} and instance ${labels.instance}, as ${twin.scrapeUrl} has`,
		);
	return problems.map(
		(problem) =>
			`the target of pod ${name} ${problem}: relabelling of pool ${scrapePool} has changed what the operator sets`,
	);
}

function describe(
	labels: Readonly<Record<string, string>>,
	label: string,
): string {
	return labels[label] ? `${label} ${labels[label]}` : `no label ${label}`;
}
