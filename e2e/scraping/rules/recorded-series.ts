import pLimit from "p-limit";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type { Rule, RuleGroup } from "../../clients/prometheus-schemas.ts";
import {
	makeSelector,
	metricsIn,
	selectorsIn,
} from "../../common/promql/expressions.ts";
import { readRetention } from "../../retention/retention.ts";
import {
	explainIdle,
	explainMissingInputs,
	type IdleReason,
	type RuleSurroundings,
} from "./idle-rules.ts";
import { whyMisfit } from "./label-misfits.ts";
import { isSlow, whyNotStored } from "./loaded-groups.ts";
import type { RecordedRule, WaitEnd } from "./recorded-rules.ts";
import { settleNeeds } from "./rule-needs.ts";

type RecordingPrometheus = Pick<
	PrometheusClient,
	"config" | "targets" | "query" | "countSince" | "runtimeInfo" | "metrics"
>;
type Judged = Omit<RecordedRule, "name">;
interface LoadedRule {
	readonly group: RuleGroup;
	readonly rule: Rule;
}

const atOnce = 4;
const aMinute = 60_000;
const recorded: Judged = {
	outcome: "recorded",
	why: "",
	until: "rounds",
	needs: [],
};

/**
 * Looks for the series of each recording rule at its last evaluation, because with a long interval they cannot be queried
 * any more now. A rule that has recorded is not asked for again while the wait for others goes on.
 *
 * @param interval how often targets are scraped, in milliseconds
 * @param since milliseconds: what a rule reads has to have newer samples, because a rate goes on for minutes after the last
 */
export function watchRecordedSeries(
	prometheus: RecordingPrometheus,
	interval: number,
	since: number,
): (groups: readonly RuleGroup[]) => Promise<RecordedRule[]> {
	const done = new Set<string>();
	return async (groups) => {
		const all = groups.flatMap((group) =>
			group.rules
				.filter(({ type }) => type === "recording")
				.map((rule) => ({ group, rule })),
		);
		const { global, scrape_configs } = await prometheus.config();
		const { active } = await prometheus.targets({ state: "active" });
		const look = makeLook(prometheus, since, {
			find: async (expression) =>
				(await prometheus.query(expression)).map(({ metric }) => metric),
			interval,
			retention: async () => (await readRetention(prometheus)).time,
			targets: active,
			configs: scrape_configs,
			externalLabels: Object.keys(global.external_labels),
		});
		const judged = await pLimit(atOnce).map(
			// A failing rule is reported by its health; its expression would fail here, too.
			all.filter(
				({ group, rule }) => rule.health !== "err" || whyNotStored(group, rule),
			),
			async (each): Promise<RecordedRule> => {
				const { name } = each.rule;
				const key = keyOf(each);
				if (done.has(key)) return { name, ...recorded };
				const found = await look(each, hasTwin(each.rule, all));
				if (found.outcome === "recorded") done.add(key);
				return { name, ...found };
			},
		);
		return settleNeeds(
			judged,
			all.map(({ rule }) => rule.name),
		);
	};
}

/** What a rule is known by: one that is changed is another one. */
function keyOf({ group: { file, name: group }, rule }: LoadedRule): string {
	const { name, labels, query } = rule;
	return JSON.stringify([file, group, name, labels, query]);
}

/** Whether another rule's series look like this one's, so that they do not prove that it has recorded any. */
export function hasTwin(
	rule: Pick<Rule, "name" | "labels">,
	all: readonly { readonly rule: Pick<Rule, "name" | "labels"> }[],
): boolean {
	return all.some(
		(each) =>
			each.rule !== rule &&
			each.rule.name === rule.name &&
			Object.entries(rule.labels).every(
				([label, value]) => each.rule.labels[label] === value,
			),
	);
}

function makeLook(
	prometheus: RecordingPrometheus,
	since: number,
	around: RuleSurroundings,
) {
	const exists = async (expression: string, time?: number) =>
		(await prometheus.query(`count(${expression})`, time)).length > 0;
	const counts = new Map<string, Promise<number>>();
	const isFresh = async (selector: string) => {
		// Another rule's series are judged with that rule.
		if (metricsIn(selector).some((metric) => metric.includes(":"))) return true;
		const count =
			counts.get(selector) ?? prometheus.countSince(selector, since);
		counts.set(selector, count);
		return (await count) > 0;
	};
	/** A rate goes on for minutes after the last sample of what it reads. */
	const whyStale = async (query: string): Promise<string | undefined> => {
		const missing = await explainMissingInputs(query, isFresh, around);
		if (missing) return missing.excused ? undefined : missing.why;
		for (const selector of selectorsIn(query)) {
			if (await isFresh(selector.text)) continue;
			const misfit = await whyMisfit(selector, around, around.find);
			if (misfit) return misfit;
		}
		return undefined;
	};
	return async (
		{ group, rule }: LoadedRule,
		isTwin: boolean,
	): Promise<Judged> => {
		const { name, labels, query, lastEvaluation } = rule;
		const reason = whyNotStored(group, rule);
		if (reason) return excuse(reason);
		const missing = (why: string, until: WaitEnd = "rounds"): Judged => ({
			outcome: "missing",
			why,
			until,
			needs: [],
		});
		if (rule.health === "unknown")
			return missing("it has not been evaluated yet");
		const then = lastEvaluation.getTime();
		const isStored = await exists(makeSelector(name, labels), then);
		if (isStored && (!isTwin || (await exists(query, then)))) {
			const stale = await whyStale(query);
			return stale ? missing(stale, "scraped") : recorded;
		}
		const late =
			"its expression yields series since its group's last evaluation";
		if (!isStored && (await exists(query, then)))
			// A scrape is stored after the time that it is stored for, so the rule may not have seen it.
			return isSlow(group) && !(await exists(query, then - aMinute))
				? excuse(late)
				: missing(`its expression yields series: ${query}`);
		if (await exists(query))
			return isSlow(group) ? excuse(late) : missing(late);
		return judgeIdle(await explainIdle(query, around));
	};
}

function excuse(why: string): Judged {
	return { outcome: "excused", why, until: "rounds", needs: [] };
}

function judgeIdle({ excused, ...reason }: IdleReason): Judged {
	return { outcome: excused ? "excused" : "missing", ...reason };
}
