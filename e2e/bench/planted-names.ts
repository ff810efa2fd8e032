import { makeSelector } from "../common/promql/expressions.ts";
import type { Work } from "./work.ts";

/** What every planted target exposes. */
export const plantedMetrics = {
	gauge: "o11y_e2e_scale_value",
	counter: "o11y_e2e_scale_requests_total",
} as const;

/** The namespace of a copy. */
export function namespaceOfCopy(copy: number): string {
	return `o11y-e2e-scale-${copy}`;
}

/** The Service of a copy's target, which is also its job. */
export function serviceOfTarget(target: number): string {
	return `target-${target}`;
}

/** The series of one of a copy's targets: by turns, whichever of them the i-th reader gets. */
export function selectPlanted(
	metric: string,
	copy: number,
	i: number,
	{ targets }: Pick<Work, "targets">,
): string {
	const namespace = namespaceOfCopy(copy);
	const job = serviceOfTarget(i % Math.max(1, targets));
	return makeSelector(metric, { namespace, job });
}
