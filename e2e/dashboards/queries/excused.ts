import { readFile } from "node:fs/promises";
import { satisfies } from "semver";
import { parse } from "yaml";
import { z } from "zod";
import { parseDuration } from "../../common/duration.ts";
import { projectPath } from "../../common/paths.ts";
import {
	type LabelMatcher,
	matchersOf,
	type Selector,
	selectorsIn,
	withoutMatchers,
} from "../../common/promql/expressions.ts";

const entry = z.strictObject({
	/** A regular expression that a metric's whole name matches. */
	metric: z.string(),
	/** A regular expression for the beginning of a matcher, e.g. `code=~"5`, whose series alone may be absent; by default, any may. */
	matchers: z.string().optional(),
	/** A range, e.g. `1m`, in which it may have too few samples. Then it may not be absent. */
	window: z.string().optional(),
	/**
	 * A selector that must have series: it may be absent because of what there is, not because its exporter's part is off.
	 * One of kube-state-metrics must have them in the same namespaces.
	 */
	witness: z.string().optional(),
	/** With its API version, e.g. `batch/v1 CronJob`: it may be absent if there is no such object in its namespaces. */
	kind: z
		.string()
		.regex(/^\S+ \w+$/)
		.optional(),
	reason: z.string().min(20),
	/** The versions of Kubernetes that it applies to, as a range in npm's syntax; by default all. */
	kubernetes: z.string().default("*"),
});

/** Why series may be absent, or have too few samples in a range. */
export interface Excuse {
	readonly reason: string;
	/** If only a part of a metric's series may be absent: the selector of all, which must have series. */
	readonly whole?: Selector;
	/** What must have series. */
	readonly witness?: Selector;
	/** Of which there must be no object in the selector's namespaces, e.g. `batch/v1 CronJob`. */
	readonly kind?: string;
}

/**
 * The excuses for a selector.
 *
 * @param window a range in milliseconds in which it has too few samples; without it, its series are absent
 */
export type FindExcuses = (
	selector: Selector,
	window?: number,
) => readonly Excuse[];

/** Reads absent-series.yaml for a version of Kubernetes, e.g. `1.34.1`. */
export async function readExcused(kubernetes: string): Promise<FindExcuses> {
	const path = projectPath("e2e/dashboards/absent-series.yaml");
	const entries = z
		.array(entry)
		.parse(parse(await readFile(path, "utf8")))
		.filter((each) => satisfies(kubernetes, each.kubernetes))
		.map(({ metric, matchers, window, ...rest }) => ({
			name: new RegExp(`^(?:${metric})$`),
			matchers:
				matchers === undefined ? undefined : new RegExp(`^(?:${matchers})`),
			window: window === undefined ? undefined : parseDuration(window),
			...rest,
		}));
	return (selector, window) =>
		entries.flatMap(({ name, matchers, reason, ...entry }): Excuse[] => {
			const { witness, kind } = entry;
			if (entry.window !== window || !name.test(selector.metric)) return [];
			if (!matchers)
				return [
					{
						reason,
						...(witness && { witness: inNamespaces(witness, selector) }),
						...(kind && { kind }),
					},
				];
			const whole = withoutMatchers(selector, (each) =>
				matchers.test(each.replace(/\s*(=~|!=|!~|=)\s*/, "$1")),
			);
			return whole.text === withoutMatchers(selector, () => false).text
				? []
				: [{ reason, whole }];
		});
}

/** A selector without matchers, such as that of a metric of kube-state-metrics, in the namespaces of another one. */
function inNamespaces(witness: string, selector: Selector): Selector {
	const [{ metric } = { metric: "" }] = selectorsIn(witness);
	if (!metric.startsWith("kube_")) return { metric, text: witness };
	const conditions = namespacesOf(selector).map(
		({ operator, value }) => `namespace${operator}${JSON.stringify(value)}`,
	);
	return { metric, text: `${witness}{${conditions.join(",")}}` };
}

/** The conditions of a selector on the label namespace. */
export function namespacesOf(selector: Selector): LabelMatcher[] {
	return matchersOf(selector).filter(({ label }) => label === "namespace");
}
