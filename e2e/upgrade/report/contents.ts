import { z } from "zod";
import { reason } from "../reasons.ts";

const chart = z.strictObject({
	/** As it was typed. */
	name: z.string(),
	source: z.string(),
	version: z.string(),
	appVersion: z.string(),
	values: z.array(z.string()),
});
export type ReportedChart = z.infer<typeof chart>;

/** upgrade-report/report.json */
export const upgradeReport = z.strictObject({
	verdict: z.enum(["safe", "review", "unsafe"]),
	/** `plan` is by reading both charts, `full` by an upgrade on a real cluster, too. */
	depth: z.enum(["plan", "full"]),
	startedAt: z.iso.datetime(),
	seconds: z.number().nonnegative(),
	from: chart,
	to: chart,
	kubeVersion: z.string(),
	/** For a jump over several majors: where each version stands, in their order. */
	steps: z.array(
		z.strictObject({
			version: z.string(),
			verdict: z.enum(["safe", "review", "unsafe"]),
		}),
	),
	reasons: z.array(reason),
	/** Images by repository, with their tags before and after. */
	images: z.array(
		z.strictObject({
			repository: z.string(),
			before: z.string(),
			after: z.string(),
		}),
	),
	/** CRDs with the operator's version on them, before and after. */
	crds: z.array(
		z.strictObject({
			name: z.string(),
			before: z.string(),
			after: z.string(),
		}),
	),
	/** What to type for the upgrade, in its order. */
	commands: z.array(z.string()),
	phases: z.array(z.strictObject({ name: z.string(), seconds: z.number() })),
});
export type UpgradeReport = z.infer<typeof upgradeReport>;
