import { z } from "zod";
import { upgradeReport } from "../report/contents.ts";

const text = z.string().optional();

const releaseSummary = z.strictObject({
	/** e.g. `monitoring/stack (Flux)` */
	title: z.string(),
	/** e.g. `apps/stack.yaml:3` */
	place: z.string(),
	/** Versions of the chart. */
	from: text,
	to: text,
	verdict: z.enum([
		...upgradeReport.shape.verdict.options,
		"added",
		"removed",
		"unreadable",
	]),
	/** Where there is no report: why; where there is one: what was not read for it. */
	sentence: text,
	/** Of its report, in that of the repository. */
	folder: text,
});
export type ReleaseSummary = z.infer<typeof releaseSummary>;

/** `summary.json` in the report of a repository. */
export const repositorySummary = z.strictObject({
	/** The answer in one line: the worst verdict and whose it is, that nothing differs, or why there is no verdict. */
	headline: z.string(),
	/** As in errors.ts. */
	exitCode: z.number(),
	/** Names of the revisions; missing if they could not be compared. */
	base: text,
	head: text,
	releases: z.array(releaseSummary),
	/** Releases of other charts that differ, a line each. */
	others: z.array(z.string()).readonly(),
});
export type RepositorySummary = z.infer<typeof repositorySummary>;

/** Of one release, e.g. `78.5.0 → 79.4.1`. */
export function describeVersions({
	from,
	to,
}: Pick<ReleaseSummary, "from" | "to">): string {
	return from === to
		? `${to ?? "newest"}, other values`
		: `${from ?? "none"} → ${to ?? "none"}`;
}
