import { readFile } from "node:fs/promises";
import { satisfies } from "semver";
import { parse } from "yaml";
import { z } from "zod";
import { parseDuration } from "../../common/duration.ts";
import { projectPath } from "../../common/paths.ts";
import type { Selector } from "../../common/promql.ts";

const entry = z.strictObject({
	/** A regular expression that a metric's whole name matches. */
	metric: z.string(),
	/** A regular expression for a part of its matchers, e.g. `code=~"5..`; without it, any series may be absent. */
	matchers: z.string().default(""),
	/** A range, e.g. `1m`, in which it may have too few samples. Then it may not be absent. */
	window: z.string().optional(),
	reason: z.string().min(20),
	/** The versions of Kubernetes that it applies to, as a range in npm's syntax; by default all. */
	kubernetes: z.string().default("*"),
});

/**
 * The reason why a selector's series may be absent, or have too few samples in a range; undefined if they may not.
 *
 * @param window in milliseconds
 */
export type Excused = (
	selector: Selector,
	window?: number,
) => string | undefined;

/** Reads absent-series.yaml for a version of Kubernetes, e.g. `1.34.1`. */
export async function readExcused(kubernetes: string): Promise<Excused> {
	const path = projectPath("e2e/dashboards/absent-series.yaml");
	const entries = z
		.array(entry)
		.parse(parse(await readFile(path, "utf8")))
		.filter((each) => satisfies(kubernetes, each.kubernetes))
		.map(({ metric, matchers, window, reason }) => ({
			name: new RegExp(`^(?:${metric})$`),
			matchers: new RegExp(matchers),
			window: window === undefined ? undefined : parseDuration(window),
			reason,
		}));
	return ({ metric, text }, window) =>
		entries.find(
			({ name, matchers, ...entry }) =>
				entry.window === window &&
				name.test(metric) &&
				matchers.test(text.slice(text.indexOf("{"))),
		)?.reason;
}
