import { readFile } from "node:fs/promises";
import { satisfies } from "semver";
import { parse } from "yaml";
import { z } from "zod";
import { parseDuration } from "../../common/duration.ts";
import { projectPath } from "../../common/paths.ts";
import {
	type Selector,
	withoutMatchers,
} from "../../common/promql/expressions.ts";

const entry = z.strictObject({
	/** A regular expression that a metric's whole name matches. */
	metric: z.string(),
	/** A regular expression for the beginning of a matcher, e.g. `code=~"5`, whose series alone may be absent; by default, any may. */
	matchers: z.string().optional(),
	/** A range, e.g. `1m`, in which it may have too few samples. Then it may not be absent. */
	window: z.string().optional(),
	reason: z.string().min(20),
	/** The versions of Kubernetes that it applies to, as a range in npm's syntax; by default all. */
	kubernetes: z.string().default("*"),
});

/** Why series may be absent, or have too few samples in a range. */
export interface Excuse {
	readonly reason: string;
	/** If only a part of a metric's series may be absent: the selector of all, which must have series. */
	readonly whole?: Selector;
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
		.map(({ metric, matchers, window, reason }) => ({
			name: new RegExp(`^(?:${metric})$`),
			matchers:
				matchers === undefined ? undefined : new RegExp(`^(?:${matchers})`),
			window: window === undefined ? undefined : parseDuration(window),
			reason,
		}));
	return (selector, window) =>
		entries.flatMap(({ name, matchers, reason, ...entry }): Excuse[] => {
			if (entry.window !== window || !name.test(selector.metric)) return [];
			if (!matchers) return [{ reason }];
			const whole = withoutMatchers(selector, (each) =>
				matchers.test(each.replace(/\s*(=~|!=|!~|=)\s*/, "$1")),
			);
			return whole.text === withoutMatchers(selector, () => false).text
				? []
				: [{ reason, whole }];
		});
}
