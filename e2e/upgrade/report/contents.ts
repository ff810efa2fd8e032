import { z } from "zod";
import { phase } from "../../common/critical-path.ts";
import { claimResult } from "../../harness/claims/summary.ts";
import { pastUpgrade } from "../history/past-upgrade.ts";
import { reason } from "../reasons.ts";

const chart = z.strictObject({
	/** As the person typed it. */
	name: z.string(),
	source: z.string(),
	version: z.string(),
	appVersion: z.string(),
	values: z.array(z.string()),
});
export type ReportedChart = z.infer<typeof chart>;

const span = { from: z.number(), to: z.number() };

/** In seconds since the upgrade began. */
const timeline = z.strictObject({
	seconds: z.number(),
	phases: z.array(z.strictObject({ name: z.string(), ...span })),
	/** Each target, Watchdog and the remote writer, with the times without a sample. */
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
	/** `inconclusive` if the test environment failed first. */
	verdict: z.enum(["safe", "review", "unsafe", "inconclusive"]),
	/** `plan` only reads both charts, `full` also upgrades on a real cluster. */
	depth: z.enum(["plan", "full"]),
	startedAt: z.iso.datetime(),
	seconds: z.number().nonnegative(),
	/** The factor of every time limit. */
	patience: z.number(),
	from: chart,
	to: chart,
	/** The version of Kubernetes that both charts were rendered for. */
	kubeVersion: z.string(),
	/** Of the test's cluster; null without one. */
	clusterVersion: z.string().nullable(),
	/** For a jump over several majors: the verdict of each version in between, in order. */
	steps: z.array(
		z.strictObject({
			version: z.string(),
			verdict: z.enum(["safe", "review", "unsafe"]),
		}),
	),
	reasons: z.array(reason),
	/** Images that were built locally in place of the charts' own, a sentence each. */
	standIns: z.array(z.string()),
	/** Of a release that was found in a repository: where it is written. */
	origin: z
		.strictObject({ deployer: z.string(), file: z.string(), line: z.number() })
		.optional(),
	/** What the upgrade is done with, for people, e.g. `Flux, as apps/stack.yaml says`. */
	with: z.string().optional(),
	/** What its repository does not say, and what was done about it, a sentence each. */
	unknown: z.array(z.string()).default([]),
	/** What was made up for the test because the values refer to it, a sentence each. */
	madeUp: z.array(z.string()),
	/** Of an upgrade on a cluster: the claims of each stage, `<stage>/<claim>`, and those about the upgrade itself. */
	claims: z.array(claimResult),
	timeline: timeline.optional(),
	/** Of an upgrade on a cluster, with --history: the last upgrades before it, the oldest first, and how it differs. */
	history: z
		.strictObject({
			upgrades: z.array(pastUpgrade),
			/** What is out of the ordinary, a sentence each. */
			unusual: z.array(z.string()),
		})
		.optional(),
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
	/** The commands for the upgrade, in order. */
	commands: z.array(z.string()),
	phases: z.array(phase),
});
export type UpgradeReport = z.infer<typeof upgradeReport>;
