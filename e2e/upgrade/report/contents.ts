import { z } from "zod";
import { claimResult } from "../../harness/claims/summary.ts";
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

const span = { from: z.number(), to: z.number() };

/** In seconds since the writers and watchers began. */
const timeline = z.strictObject({
	seconds: z.number(),
	phases: z.array(z.strictObject({ name: z.string(), ...span })),
	/** Each target, Watchdog and the remote writer, with the times in which it was away. */
	tracks: z.array(
		z.strictObject({
			name: z.string(),
			gaps: z.array(z.strictObject(span)),
		}),
	),
});
export type Timeline = z.infer<typeof timeline>;

/** upgrade-report/report.json */
export const upgradeReport = z.strictObject({
	/** `inconclusive` where the test environment failed first. */
	verdict: z.enum(["safe", "review", "unsafe", "inconclusive"]),
	/** `plan` is by reading both charts, `full` by an upgrade on a real cluster, too. */
	depth: z.enum(["plan", "full"]),
	startedAt: z.iso.datetime(),
	seconds: z.number().nonnegative(),
	from: chart,
	to: chart,
	/** For which both charts were read. */
	kubeVersion: z.string(),
	/** Of the cluster that was upgraded. */
	clusterVersion: z.string().nullable(),
	/** For a jump over several majors: where each version stands, in their order. */
	steps: z.array(
		z.strictObject({
			version: z.string(),
			verdict: z.enum(["safe", "review", "unsafe"]),
		}),
	),
	reasons: z.array(reason),
	/** Images that were built locally in place of the charts' own, a sentence each. */
	standIns: z.array(z.string()),
	/** What the values refer to and was made up for the test, a sentence each. */
	madeUp: z.array(z.string()),
	/** Of the full run: the claims of each stage, `<stage>/<claim>`, and those about the upgrade itself. */
	claims: z.array(claimResult),
	timeline: timeline.optional(),
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
