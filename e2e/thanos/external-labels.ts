import { isEqual, omitBy } from "es-toolkit";
import { EnvironmentError } from "../common/errors.ts";

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
 * Why a series that Thanos answers is not what Prometheus has with its external labels, as a sentence; undefined if it is.
 * Only the label with the replica's name may be taken away: that is how Thanos shows two replicas as one.
 *
 * @param written its labels in Prometheus
 * @param pod the name of the pod that has it: the operator's label of a replica has it as its value
 */
export function whyOtherSeries(
	found: Readonly<Record<string, string>>,
	written: Readonly<Record<string, string>>,
	external: Readonly<Record<string, string>>,
	pod: string,
): string | undefined {
	const all = { ...written, ...external };
	const without = omitBy(all, (value) => value === pod);
	if (isEqual(found, all) || isEqual(found, without)) return undefined;
	return `Prometheus' series with its external labels is ${JSON.stringify(all)}, but Thanos answers ${JSON.stringify(found)}`;
}
