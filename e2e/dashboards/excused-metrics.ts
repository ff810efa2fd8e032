import { readFile } from "node:fs/promises";
import { satisfies } from "semver";
import { parse } from "yaml";
import { z } from "zod";
import { projectPath } from "../common/paths.ts";

const entry = z.strictObject({
	/** A regular expression that a metric's whole name matches. */
	metric: z.string(),
	reason: z.string().min(20),
	/** The versions of Kubernetes that it applies to, as a range in npm's syntax; by default all. */
	kubernetes: z.string().default("*"),
});

/** The reason why a metric may be absent; undefined if it may not. */
export type Excused = (metric: string) => string | undefined;

/** Reads absent-metrics.yaml for a version of Kubernetes, e.g. `1.34.1`. */
export async function readExcused(kubernetes: string): Promise<Excused> {
	const path = projectPath("e2e/dashboards/absent-metrics.yaml");
	const entries = z
		.array(entry)
		.parse(parse(await readFile(path, "utf8")))
		.filter((each) => satisfies(kubernetes, each.kubernetes))
		.map(({ metric, reason }) => ({
			pattern: new RegExp(`^(?:${metric})$`),
			reason,
		}));
	return (metric) =>
		entries.find(({ pattern }) => pattern.test(metric))?.reason;
}
