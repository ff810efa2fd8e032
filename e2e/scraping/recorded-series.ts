import pLimit from "p-limit";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { Rule, RuleGroup } from "../clients/prometheus-schemas.ts";
import { type NotYet, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql.ts";
import { explainIdle } from "./idle-rules.ts";
import { isSlow, whyNotStored } from "./rules.ts";

/** What became of a recording rule. */
export interface RecordedRule {
	readonly name: string;
	/** Excused is a rule that has recorded nothing for a good reason. */
	readonly outcome: "recorded" | "excused" | "missing";
	/** Why it has recorded nothing; empty if it has. */
	readonly why: string;
}

const atOnce = 4;
const aMinute = 60_000;

/**
 * Looks for the series of each recording rule at its last evaluation, because with a long interval they cannot be queried
 * any more now.
 *
 * @param interval how often targets are scraped, in milliseconds
 */
export async function checkRecordedSeries(
	prometheus: PrometheusClient,
	groups: readonly RuleGroup[],
	interval: number,
): Promise<RecordedRule[]> {
	const recording = groups.flatMap((group) =>
		group.rules
			// A failing rule is reported by its health; its expression would fail here, too.
			.filter(
				(rule) =>
					rule.type === "recording" &&
					(rule.health !== "err" || whyNotStored(group, rule)),
			)
			.map((rule) => ({ group, rule })),
	);
	return pLimit(atOnce).map(recording, async ({ group, rule }) => {
		const { name } = rule;
		const [outcome, why] = await judge(prometheus, group, rule, interval);
		return { name, outcome, why };
	});
}

async function judge(
	prometheus: PrometheusClient,
	group: RuleGroup,
	rule: Rule,
	interval: number,
): Promise<[RecordedRule["outcome"], why: string]> {
	const { name, labels, query, lastEvaluation } = rule;
	const reason = whyNotStored(group, rule);
	if (reason) return ["excused", reason];
	if (rule.health === "unknown")
		return ["missing", "it has not been evaluated yet"];
	const exists = async (expression: string, time?: number) =>
		(await prometheus.query(`count(${expression})`, time)).length > 0;
	const then = lastEvaluation.getTime();
	if (await exists(makeSelector(name, labels), then)) return ["recorded", ""];
	const late = "its expression yields series since its group's last evaluation";
	if (await exists(query, then))
		// A scrape is stored after the time that it is stored for, so the rule may not have seen it.
		return isSlow(group) && !(await exists(query, then - aMinute))
			? ["excused", late]
			: ["missing", `its expression yields series: ${query}`];
	if (await exists(query)) return [isSlow(group) ? "excused" : "missing", late];
	const { excused, why } = await explainIdle(query, exists, interval);
	return [excused ? "excused" : "missing", why];
}

/** Which rules have recorded nothing without a good reason; undefined if there is none, and some have recorded. */
export function whyNotRecorded(
	rules: readonly RecordedRule[],
): NotYet | undefined {
	const missing = rules.filter(({ outcome }) => outcome === "missing");
	if (missing.length > 0)
		return notYet(
			missing
				.map(({ name, why }) => `recording rule ${name} has no series: ${why}`)
				.join("; "),
		);
	return rules.some(({ outcome }) => outcome === "recorded")
		? undefined
		: notYet("no recording rule has recorded anything");
}

/** The excused rules, each with its reason, as a sentence. Undefined if there are none. */
export function describeExcused(
	rules: readonly RecordedRule[],
): string | undefined {
	const excused = rules.filter(({ outcome }) => outcome === "excused");
	const names = Map.groupBy(excused, ({ why }) => why);
	return names.size === 0
		? undefined
		: `nothing recorded by ${excused.length} of ${rules.length} recording rules: ${[
				...names,
			]
				.map(
					([why, of]) =>
						`${[...new Set(of.map(({ name }) => name))].join(", ")} (${why})`,
				)
				.join("; ")}`;
}
