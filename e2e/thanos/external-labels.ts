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
	"service",
	"endpoint",
];
/**
 * Labels that say which Prometheus has the samples: what an exporter writes in one, such as the name of its own cluster,
 * says little beside that. Loki's own series have a `tenant`, of which the test makes a second one.
 */
const usual = /^(cluster|prometheus|(prometheus_)?replica|tenant)$/;

/** Names of external labels that are no label of targets, and that series may yet have, too. */
export function listFurtherLabels(
	external: Readonly<Record<string, string>>,
): string[] {
	return Object.keys(external).filter(
		(name) => !targetLabels.includes(name) && !usual.test(name),
	);
}

/** Stored series by their values of a label. Alerts have the labels of their rules, which are told of elsewhere. */
export function selectOwnValues(name: string): string {
	return `count by (${name}) ({${name}!="",__name__!~"ALERTS(_FOR_STATE)?"})`;
}

/**
 * A sentence for each external label that hides the label of that name that series have themselves.
 *
 * @param stored the values that stored series have of a label: one alone tells none apart
 */
export function findHidingLabels(
	external: Readonly<Record<string, string>>,
	stored: Readonly<Record<string, readonly string[]>> = {},
): string[] {
	const telling = Object.keys(stored).filter(
		(name) => (stored[name] ?? []).length > 1,
	);
	return [...targetLabels, ...telling]
		.filter((name) => external[name] !== undefined)
		.map((name) => {
			const found = stored[name]?.slice(0, 3).join(", ");
			return `the external label ${name}=${JSON.stringify(external[name])} takes the place of each series' own label ${name}${found ? ` (${found})` : ""} in what Thanos answers: series that differ in it alone become one`;
		});
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
