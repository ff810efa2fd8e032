import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import {
	formatDuration,
	isDuration,
	parseDuration,
} from "../../common/duration.ts";
import {
	metricsIn,
	type Selector,
	selectorsIn,
} from "../../common/promql/expressions.ts";
import {
	leaveOutOldOffsets,
	type Offset,
} from "../../common/promql/offsets.ts";
import { whyCut } from "./cut-buckets.ts";
import { whyDropped, whyDroppedThere } from "./dropped-metrics.ts";
import { type JoinMismatch, whyNoMatch } from "./join-mismatch.ts";
import {
	type FindSeries,
	type LabelSources,
	whyMisfit,
} from "./label-misfits.ts";
import { isOfAddon, whyMistyped, whyMistypedValue } from "./mistyped.ts";
import type { WaitEnd } from "./recorded-rules.ts";
import { whyRenamed } from "./renamed-metrics.ts";
import { type Join, readInputs } from "./rule-inputs.ts";

const absentInputs = z
	.array(z.strictObject({ metric: z.string(), reason: z.string().min(20) }))
	.min(1)
	.parse(
		parse(readFileSync(new URL("absent-inputs.yaml", import.meta.url), "utf8")),
	)
	.map(({ metric, reason }) => ({
		pattern: new RegExp(`^(?:${metric})$`),
		reason,
	}));

/** What Node Exporter and kube-state-metrics expose: the claim kube-metrics says what must be there. */
const ofKubeMetrics = /^(node|kube)_/;
/** What else the stack scrapes in every cluster. Other metrics are those of applications, which may not run here. */
const ofStack =
	/^(container|machine|kubelet|apiserver|coredns|prometheus|alertmanager|grafana|thanos|process|go|scrape)_|^up$/;

/** Whether a metric is one that the stack scrapes in every cluster; others are those of applications. */
export function isOfStack(metric: string): boolean {
	return ofKubeMetrics.test(metric) || ofStack.test(metric);
}

/** Why a recording rule has nothing to record, and whether that is a good reason. */
export interface IdleReason {
	readonly excused: boolean;
	readonly why: string;
	/** Of a bad one, what ends the wait for the rule. */
	readonly until: WaitEnd;
	/** The missing series that another rule would record: it is a good reason only if that one has one. */
	readonly needs: readonly string[];
}

/** What tells why a metric is absent. */
interface AbsenceSources extends LabelSources {
	readonly find: FindSeries;
}

/** Prometheus as a rule sees it. */
export interface RuleSurroundings extends AbsenceSources {
	/** How often targets are scraped, in milliseconds. */
	readonly interval: number;
	/** How long Prometheus keeps blocks, in milliseconds; undefined if their age does not matter. */
	readonly retention: () => Promise<number | undefined>;
}

/** Finds out why an expression yields nothing. */
export async function explainIdle(
	expression: string,
	around: RuleSurroundings,
): Promise<IdleReason> {
	const { find, interval } = around;
	const yields = async (asked: string) =>
		(await find(`count(${asked})`)).length > 0;
	const inputs = readInputs(expression);
	const missing = await explainMissingInputs(expression, yields, around);
	if (missing) return missing;
	const unmatched: string[] = [];
	for (const selector of inputs.selectors) {
		if (await yields(selector.text)) continue;
		const misfit = await whyMisfit(selector, around, find);
		if (misfit) return bad(misfit);
		const cut = whyCut(selector, around);
		if (cut) {
			unmatched.push(`${selector.text} (${cut})`);
			continue;
		}
		const lost =
			(await whyDroppedThere(selector, around, yields)) ??
			(isOfStack(selector.metric) &&
				(await whyMistypedValue(selector, around, find)));
		if (lost) return bad(`no series ${selector.text}: ${lost}`);
		unmatched.push(selector.text);
	}
	if (unmatched.length > 0)
		return good(`no series matches ${unmatched.join(" and ")}`);
	for (const join of inputs.joins) {
		const mismatch = await findMismatch(join, find);
		// A rate on one of the sides may only come with the second scrape.
		if (mismatch)
			return mismatch.lasting
				? bad(mismatch.why, "rounds")
				: good(mismatch.why);
	}
	if (inputs.isConditional)
		return good("its inputs exist, and none of them meets its condition");
	const { leftOut, ...recent } = await leaveOutOldOffsets(expression, yields);
	if (leftOut.length > 0 && (await yields(recent.expression)))
		return good(await explainOffsets(leftOut, around));
	const short = inputs.ranges.filter(
		(range) => parseDuration(range) < 2 * interval,
	);
	const read = inputs.selectors.map(({ text }) => text);
	return bad(
		short.length > 0
			? `its range of ${short.join(", ")} holds less than two scrapes, which are ${formatDuration(interval)} apart`
			: `${read.join(" and ") || "what it reads"} exists, and it yields nothing`,
		"rounds",
	);
}

/**
 * Why the metrics that an expression cannot do without are missing; undefined if none is.
 *
 * @param isThere whether a metric has series
 */
export async function explainMissingInputs(
	expression: string,
	isThere: (metric: string) => Promise<boolean>,
	sources: AbsenceSources,
): Promise<IdleReason | undefined> {
	const metrics = metricsIn(expression);
	const missing: string[] = [];
	for (const metric of metrics)
		if (!(await isThere(metric))) missing.push(metric);
	if (readInputs(expression).hasAlternatives && missing.length < metrics.length)
		return undefined;
	const selectors = selectorsIn(expression);
	const reasons = await Promise.all(
		missing.map((metric) =>
			explainAbsent(
				metric,
				selectors.filter((each) => each.metric === metric),
				sources,
			),
		),
	);
	const worst = reasons.find(({ excused }) => !excused) ?? reasons[0];
	return worst && { ...worst, needs: reasons.flatMap(({ needs }) => needs) };
}

/** @param selectors those of the metric */
async function explainAbsent(
	metric: string,
	selectors: readonly Selector[],
	sources: AbsenceSources,
): Promise<IdleReason> {
	const why = `Prometheus has no series ${metric}`;
	const mistyped =
		(isOfStack(metric) || isOfAddon(metric)) &&
		!whyDropped({ metric, text: metric }, sources) &&
		(await whyMistyped(metric, sources.find));
	if (mistyped) return bad(`${why}: ${mistyped}`);
	const known = absentInputs.find(({ pattern }) => pattern.test(metric));
	if (known) return good(`${why}: ${known.reason}`);
	if (metric.includes(":"))
		return {
			...good(`${why}, which another rule would record`),
			needs: [metric],
		};
	const cuts = selectors.map((each) => whyCut(each, sources));
	if (cuts[0] && cuts.every(Boolean)) return good(`${why}: ${cuts[0]}`);
	const dropped = whyDropped({ metric, text: metric }, sources);
	if (dropped) return bad(`${why}: ${dropped}`);
	const renamed = whyRenamed(metric);
	if (renamed) return bad(`${why}: ${renamed}`);
	if (ofKubeMetrics.test(metric))
		return good(`${why}: claim kube-metrics says which must exist`);
	return ofStack.test(metric)
		? bad(`${why}: no target exposes it`)
		: good(`${why}: nothing that runs here exposes it`);
}

/** Why a rule that compares with what was before has nothing to compare with. */
async function explainOffsets(
	offsets: readonly Offset[],
	{ retention }: Pick<RuleSurroundings, "retention">,
): Promise<string> {
	const kept = await retention();
	const clauses = offsets.map(({ text, by }) => {
		const why = `Prometheus has nothing from ${by} ago yet, as ${text} asks for`;
		const isNever =
			kept !== undefined && isDuration(by) && parseDuration(by) > kept;
		return isNever
			? `${why}, and keeps only ${formatDuration(kept)}: the rule will never record anything`
			: why;
	});
	return clauses.join(" and ");
}

/** Why two sides that both have series have no result; undefined if that is not so, or their labels do not tell. */
async function findMismatch(
	join: Join,
	find: FindSeries,
): Promise<JoinMismatch | undefined> {
	const [left, right, both] = await Promise.all(
		[join.left, join.right, join.text].map(find),
	);
	return left?.length && right?.length && !both?.length
		? whyNoMatch(join, left, right)
		: undefined;
}

function good(why: string): IdleReason {
	return { excused: true, why, until: "rounds", needs: [] };
}

function bad(why: string, until: WaitEnd = "scraped"): IdleReason {
	return { excused: false, why, until, needs: [] };
}
