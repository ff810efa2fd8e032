import { isEqual, omitBy } from "es-toolkit";
import type { Pod } from "../clients/kube-objects.ts";
import type { InstantSeries } from "../clients/prometheus-schemas.ts";
import { EnvironmentError } from "../common/errors.ts";
import type { LedgerSeries } from "../ledger/writer.ts";

/**
 * A sentence for each external label that Prometheus had when it uploaded its first blocks and does not have any more, or
 * with another value. A further label does no harm: a selector with the old ones still finds everything.
 *
 * @throws EnvironmentError if none is known: without any, the sidecar would not have started
 */
export function findChangedLabels(
	first: Readonly<Record<string, string>>,
	now: Readonly<Record<string, string>>,
): string[] {
	if (Object.keys(first).length === 0)
		throw new EnvironmentError(
			"set-up could not read the external labels of Prometheus' first blocks",
		);
	return Object.entries(first)
		.filter(([name, value]) => now[name] !== value)
		.map(
			([name, value]) =>
				`the external label ${name} was ${JSON.stringify(value)} and is ${JSON.stringify(now[name] ?? "")} now: in a long-term query, what was uploaded before and what is since are different series`,
		);
}

/**
 * Labels that tell the series of targets apart. None may be taken for the name of a replica, nor be an external label,
 * which takes the place of a series' own in what Thanos answers.
 */
export const targetLabels = [
	"instance",
	"pod",
	"container",
	"namespace",
	"node",
	"job",
];

/** A sentence for each external label that hides the label of that name that series have themselves. */
export function findHidingLabels(
	external: Readonly<Record<string, string>>,
): string[] {
	return targetLabels
		.filter((name) => external[name] !== undefined)
		.map(
			(name) =>
				`the external label ${name}=${JSON.stringify(external[name])} takes the place of each series' own label ${name} in what Thanos answers: series that differ in it alone become one`,
		);
}

/**
 * A sentence for each external label that a compactor takes off the blocks that it compacts, as if it told replicas apart.
 *
 * @param args of the compactor
 * @param pod as in `whyOtherSeries`
 */
export function findDroppedLabels(
	args: readonly string[],
	external: Readonly<Record<string, string>>,
	pod: Pick<Pod, "metadata">,
): string[] {
	return args.flatMap((arg) => {
		const [, name = ""] =
			/^--deduplication\.replica-label=(.+)$/.exec(arg) ?? [];
		const value = external[name];
		return value === undefined || value === pod.metadata.name
			? []
			: [
					`the compactor is started with ${arg}: it takes the external label ${name}=${JSON.stringify(value)} off each block that it compacts, and then no long-term query by ${name} finds it`,
				];
	});
}

/**
 * Why what Thanos answers of a ledger is not Prometheus' series with its external labels, as a sentence; undefined if it
 * is. Only the label with the replica's name may be taken away: that is how Thanos shows two replicas as one.
 *
 * @param pod that has the series: the operator's label of a replica has its name
 */
export function whyOtherSeries(
	found: readonly Pick<InstantSeries, "metric">[],
	{ name, labels }: LedgerSeries,
	external: Readonly<Record<string, string>>,
	pod: Pick<Pod, "metadata">,
): string | undefined {
	const all = { __name__: name, ...labels, ...external };
	const without = omitBy(all, (value) => value === pod.metadata.name);
	const metrics = found.map(({ metric }) => metric);
	if (isEqual(metrics, [all]) || isEqual(metrics, [without])) return undefined;
	return `Prometheus' series with its external labels is ${JSON.stringify(all)}, but Thanos answers ${JSON.stringify(metrics)}`;
}
