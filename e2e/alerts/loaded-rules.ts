import { groupBy } from "es-toolkit";
import pLimit from "p-limit";
import type { KubeClient } from "../clients/kubernetes.ts";
import { makeRefresher } from "../clients/mounts.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { Rule, RuleGroup } from "../clients/prometheus-schemas.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { matchersOf, selectorsIn } from "../common/promql/expressions.ts";
import { withoutFilters } from "../common/promql/filters.ts";
import type { AlertLabels } from "./matchers.ts";
import { listTemplateResults } from "./rules/templated-severity.ts";

/**
 * Waits until each replica of Prometheus has loaded a group of alerts that all have this expression, and has evaluated it:
 * each sends its alerts.
 */
export async function waitUntilRulesHaveState(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: {
		readonly name: string;
		readonly expression: string;
		readonly state: NonNullable<Rule["state"]>;
	},
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`the alerts of rule group ${group.name} with ${group.expression} are ${group.state} in Prometheus`,
		budgets.ruleReload,
		async () => {
			for (const one of await prometheus.each()) {
				const groups = await one.ruleGroups();
				const loaded = groups.find(({ name }) => name === group.name);
				if (!loaded)
					return notYet(await refresh(`${one.name} has not loaded the group`));
				const old = loaded.rules.find(
					({ query }) => query !== group.expression,
				);
				if (old)
					return notYet(
						await refresh(
							`rule ${old.name} of ${one.name} still has ${old.query}`,
						),
					);
				const other = loaded.rules.find(({ state }) => state !== group.state);
				if (other)
					return notYet(
						`rule ${other.name} of ${one.name} is ${other.state}${other.lastError && `: ${other.lastError}`}`,
					);
			}
		},
	);
}

/** Waits until no replica of Prometheus has a group any more. */
export async function waitUntilRulesAreGone(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: string,
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`Prometheus no longer has rule group ${group}`,
		budgets.ruleReload,
		async () => {
			for (const one of await prometheus.each()) {
				const groups = await one.ruleGroups();
				if (groups.some(({ name }) => name === group))
					return notYet(await refresh(`${one.name} still has it`));
			}
		},
	);
}

/** A rule that makes alerts. */
export interface AlertRule {
	/** Those that it sets, and `alertname`. Of a template only an alert knows the value: they are left out. */
	readonly labels: AlertLabels;
	/** The names of all that it sets. */
	readonly sets: readonly string[];
	/** What it sets as severity, as far as that is written out: several if a template decides. */
	readonly severities: readonly string[];
	readonly expression: string;
	/** Templates, mostly. */
	readonly annotations?: AlertLabels | undefined;
	/** Where it is; with a limit of 0 there is none. */
	readonly group: { readonly name: string; readonly limit: number };
}

/** All alert rules that Prometheus or Loki's ruler has. */
export async function listAlertRules(ruler: {
	ruleGroups(): Promise<readonly RuleGroup[]>;
}): Promise<AlertRule[]> {
	const groups = await ruler.ruleGroups();
	return groups
		.flatMap(({ rules, ...group }) => rules.map((rule) => ({ rule, group })))
		.filter(({ rule }) => rule.type === "alerting")
		.map(({ rule: { name, labels, annotations, query }, group }) => ({
			labels: {
				...Object.fromEntries(
					Object.entries(labels).filter(([, value]) => !value.includes("{{")),
				),
				alertname: name,
			},
			sets: Object.keys(labels),
			severities: listTemplateResults(labels.severity ?? ""),
			expression: query,
			annotations,
			group: { name: group.name, limit: group.limit ?? 0 },
		}));
}

/** The labels of a rule, and if a template decides its severity, with each that is written out. */
export function withEachSeverity({
	labels,
	severities,
}: Pick<AlertRule, "labels" | "severities">): AlertLabels[] {
	return labels.severity === undefined
		? [labels, ...severities.map((severity) => ({ ...labels, severity }))]
		: [labels];
}

const number = String.raw`\s*(\d+(?:\.\d+)?)\s*`;
const constant = new RegExp(
	String.raw`^\s*vector\s*\(${number}\)\s*(?:(==|!=|>=|<=|>|<)${number})?$`,
);
const compared: Readonly<Record<string, (a: number, b: number) => boolean>> = {
	"==": (a, b) => a === b,
	"!=": (a, b) => a !== b,
	">=": (a, b) => a >= b,
	"<=": (a, b) => a <= b,
	">": (a, b) => a > b,
	"<": (a, b) => a < b,
};

/** Whether a rule's alert always fires, as a heartbeat does: it compares nothing, or only numbers. */
export function alwaysFires({
	expression,
}: Pick<AlertRule, "expression">): boolean {
	const [, value, operator, limit] = constant.exec(expression) ?? [];
	return (
		value !== undefined &&
		(operator === undefined ||
			(compared[operator]?.(Number(value), Number(limit)) ?? false))
	);
}

/** Of rules, those whose alerts always fire, and those that fire now because a target answers, which is what is usual. */
export async function listHeartbeats(
	prometheus: Pick<PrometheusClient, "query">,
	rules: readonly AlertRule[],
): Promise<AlertRule[]> {
	const usual = /^\s*up\s*(\{[^{}]*\})?\s*(==\s*1|>\s*0)\s*$/;
	const found = await pLimit(2).map(rules, async (rule) =>
		alwaysFires(rule) ||
		(usual.test(rule.expression) &&
			(await prometheus.query(rule.expression)).length > 0)
			? [rule]
			: [],
	);
	return found.flat();
}

/**
 * By alertname, which labels the rules' alerts have: those of what an expression compares. A name with a rule that has
 * nothing to compare now is left out.
 */
export async function readAlertLabels(
	prometheus: Pick<PrometheusClient, "query">,
	rules: readonly AlertRule[],
): Promise<Map<string, Set<string>>> {
	const read = await pLimit(2).map(
		rules,
		async ({ labels, sets, expression }) => {
			const found =
				labelsOfAbsence(expression) ??
				(await prometheus.query(withoutFilters(expression))).map(({ metric }) =>
					Object.keys(metric),
				);
			return {
				alertname: labels.alertname ?? "",
				own: found.length > 0 ? new Set([...found.flat(), ...sets]) : undefined,
			};
		},
	);
	return new Map(
		Object.entries(groupBy(read, ({ alertname }) => alertname)).flatMap(
			([alertname, all]) =>
				all.every(({ own }) => own)
					? [[alertname, new Set(all.flatMap(({ own }) => [...(own ?? [])]))]]
					: [],
		),
	);
}

/** What is absent has the labels that were asked for by `=`. */
function labelsOfAbsence(expression: string): string[][] | undefined {
	if (!/^\s*absent(_over_time)?\s*\(/.test(expression)) return undefined;
	return selectorsIn(expression).map((selector) =>
		matchersOf(selector)
			.filter(({ operator }) => operator === "=")
			.map(({ label }) => label),
	);
}
