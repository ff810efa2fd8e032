import { pick } from "es-toolkit";
import { patience } from "../../common/patience.ts";
import type { Progress } from "../../common/progress.ts";
import type { ClaimResult } from "../../harness/claims/summary.ts";
import { parseImageReference } from "../../harness/images/reference.ts";
import type { FullResult } from "../full/run.ts";
import type { ChartChoice } from "../options.ts";
import type { PlannedChart } from "../plan/charts/chart.ts";
import type { Side } from "../plan/charts/side.ts";
import type { Plan } from "../plan/plan.ts";
import { asToolDoesIt } from "../plan/tool/as-tool-does-it.ts";
import type { Charts } from "../prepare.ts";
import {
	byDanger,
	flatten,
	type Reason,
	verdictOfReasons,
} from "../reasons.ts";
import { makeNamedChoice, type ToolChoice } from "../tools/choice.ts";
import { makeCommands } from "./commands.ts";
import type { ReportedChart, UpgradeReport } from "./contents.ts";
import { applyCrds } from "./steps/chart-arguments.ts";

/** Makes the report. @param full if a cluster was upgraded, too */
export function makeContents(
	charts: Charts,
	plan: Plan,
	progress: Progress,
	full?: FullResult,
): UpgradeReport {
	const { before, after } = plan;
	const { options, kubeVersion } = charts;
	const crds = table(before, after, (side) =>
		side.crds.map(({ metadata }) => [
			metadata.name,
			metadata.annotations["operator.prometheus.io/version"] ?? "unknown",
		]),
	);
	const { choice } = options;
	const reasons = byDanger([
		...(after
			? asInstalled(plan.reasons, before, after, charts)
			: plan.reasons),
		...(full?.reasons ?? []),
	]);
	return {
		verdict: verdictOf(
			reasons,
			full?.claims ?? [],
			options.origin?.hasUnreadChanges ?? false,
		),
		depth: full ? "full" : "plan",
		startedAt: progress.startedAt.toISOString(),
		seconds: (Date.now() - progress.startedAt.getTime()) / 1000,
		patience: patience(),
		from: describeChart(options.from, charts.from),
		to: describeChart(options.to, charts.to),
		kubeVersion,
		clusterVersion: full?.kubeVersion ?? null,
		steps: stepsOf(charts, plan),
		reasons,
		standIns: [...(full?.standIns ?? [])],
		...(options.origin && {
			origin: pick(options.origin, ["deployer", "file", "line"]),
		}),
		...(choice && { with: describeTool(choice) }),
		unknown: [...(options.origin?.unknown ?? [])],
		madeUp: [...(full?.madeUp ?? [])],
		claims: [...(full?.claims ?? [])],
		...(full?.timeline && { timeline: full.timeline }),
		images: table(before, after, ({ images }) =>
			images.map((image) => {
				const { repository, tag, digest } = parseImageReference(image);
				return [repository, digest ?? tag];
			}),
		).map(({ name, ...rest }) => ({ repository: name, ...rest })),
		crds,
		commands: makeCommands({ charts, after, reasons }),
		phases: progress.phases,
	};
}

/** Reasons as they are for the tool that was named or found, and for what the person said of the CRDs. */
function asInstalled(
	reasons: readonly Reason[],
	before: Side,
	after: Side,
	{ options, to }: Charts,
): Reason[] {
	const context = options.fromRelease?.context;
	const byHand = {
		...pick(options, ["skipCrds", "applyCrds"]),
		command: applyCrds(to, context ? ` --context ${context}` : ""),
	};
	// Where no tool is known, the commands at the end apply the CRDs before Helm 3 upgrades, unless they are to be skipped.
	const usual = options.skipCrds ? makeNamedChoice("helm3") : undefined;
	const choice = options.choice ?? usual;
	return choice
		? asToolDoesIt(reasons, before, after, choice, byHand)
		: [...reasons];
}

/**
 * An inconclusive claim outweighs every verdict except unsafe. What was read may be safe; what was not is for the person
 * to compare.
 */
function verdictOf(
	reasons: readonly Reason[],
	claims: readonly ClaimResult[],
	hasUnreadChanges: boolean,
): UpgradeReport["verdict"] {
	const verdict = verdictOfReasons(reasons);
	const isOpen = claims.some(({ status }) => status === "inconclusive");
	if (isOpen && verdict !== "unsafe") return "inconclusive";
	return hasUnreadChanges && verdict === "safe" ? "review" : verdict;
}

function describeTool({ tool: { title, settings } }: ToolChoice): string {
	return settings ? `${title}, as ${settings.place.file} says` : title;
}

function describeChart(
	{ name, values }: ChartChoice,
	{ source, metadata: { version, appVersion } }: PlannedChart,
): ReportedChart {
	return {
		name,
		source,
		version,
		appVersion,
		values: values.map((file) =>
			file.readAs ? `${file.name} (${file.readAs})` : file.name,
		),
	};
}

function stepsOf({ between, to }: Charts, { reasons }: Plan) {
	if (between.length === 0) return [];
	const all = flatten(reasons);
	const last = to.metadata.version;
	return [...between, to].map(({ metadata: { version } }) => ({
		version,
		verdict: verdictOfReasons(
			all
				.filter(({ since = last }) => since === version)
				.map((each) => ({ ...each, consequences: [] })),
		),
	}));
}

/** Names with their values before and after; several values of one name are joined. */
function table(
	before: Side,
	after: Side | undefined,
	read: (side: Side) => (readonly [string, string])[],
) {
	const collect = (side: Side | undefined) => {
		const found = new Map<string, string>();
		for (const [name, value] of side ? read(side) : [])
			found.set(name, [found.get(name), value].filter(Boolean).join(", "));
		return found;
	};
	const old = collect(before);
	const now = collect(after);
	return [...new Set([...old.keys(), ...now.keys()])].sort().map((name) => ({
		name,
		before: old.get(name) ?? "",
		after: now.get(name) ?? "",
	}));
}
