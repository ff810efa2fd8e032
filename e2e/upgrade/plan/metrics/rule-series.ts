import { memoize } from "es-toolkit";
import {
	type LabelMatcher,
	matchersOf,
	type Selector,
	selectorsIn,
} from "../../../common/promql/expressions.ts";
import { resultLabelsOf } from "../../../common/promql/result-labels.ts";
import type { DeclaredRule } from "../monitoring/rule-schema.ts";
import { satisfies } from "../targets/target.ts";

/** Whether Prometheus itself makes a metric of its alerts: no target has it. */
export function isMadeOfAlerts(metric: string): boolean {
	return /^ALERTS(_FOR_STATE)?$/.test(metric);
}

/** The rules whose series a selector may select: those that record its metric, or for `ALERTS` the alerts. */
export function rulesBehind(
	selector: Selector,
	rules: readonly DeclaredRule[],
): DeclaredRule[] {
	const { metric } = selector;
	const isOfAlerts = isMadeOfAlerts(metric);
	const named = rules.filter(({ alert, record }) =>
		isOfAlerts ? alert !== undefined : record === metric,
	);
	if (named.length === 0) return [];
	const matchers = matchersOf(selector);
	return named.filter((rule) =>
		matchers.every((each) => mayHave(rule, each, isOfAlerts)),
	);
}

/** Whether series of a rule may satisfy a matcher: of a label that only the expression brings, any value is possible. */
function mayHave(
	rule: DeclaredRule,
	matcher: LabelMatcher,
	isOfAlerts: boolean,
): boolean {
	const { label } = matcher;
	if (isOfAlerts && label === "alertname")
		return satisfies(rule.alert ?? "", matcher);
	if (isOfAlerts && label === "alertstate") return true;
	const own = rule.labels[label];
	if (own !== undefined) return own.includes("{{") || satisfies(own, matcher);
	if (leavesOut(rule.expr, matcher)) return false;
	const brought = labelsOf(rule.expr);
	return brought === undefined || brought.has(label) || satisfies("", matcher);
}

/** Whether everything that an expression selects has another value of a label than the one that is asked for. */
function leavesOut(
	expression: string,
	{ label, operator, value }: LabelMatcher,
): boolean {
	const isPlain =
		operator === "=" &&
		!value.includes("$") &&
		!/label_(replace|join)|group_(left|right)/.test(expression);
	const selectors = isPlain ? selectorsIn(expression) : [];
	return (
		selectors.length > 0 &&
		selectors.every((each) =>
			matchersOf(each).some(
				(own) => own.label === label && !satisfies(value, own),
			),
		)
	);
}

/** Most rules of a chart are the same on both sides. */
const labelsOf = memoize((expression: string) => resultLabelsOf(expression));
