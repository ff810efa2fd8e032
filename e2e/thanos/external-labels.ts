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
