import { isEqual } from "es-toolkit";
import { nameOf } from "../../clients/kube-objects.ts";
import { metricsIn } from "../../common/promql.ts";
import { makeReason, type Reason } from "../reasons.ts";
import { expressionsOf } from "./dashboards.ts";
import { isSelected, narrowedSelectors, nest } from "./monitors.ts";
import { isDashboard } from "./normal.ts";
import { type Rule, rulesOf } from "./rule-schema.ts";
import { objectsOf, pairByKey, type Side, takeRenamed } from "./side.ts";

/** Alerts and recording rules that go, change, get another name, or are no longer selected. */
export function compareRules(a: Side, b: Side): Reason[] {
	const objects = objectsOf(b, "PrometheusRule");
	const unselected = objects.filter((each) => !isSelected(b, each));
	const before = selectedRules(a);
	const lost = new Set(before.map(({ object }) => object));
	const ignored = unselected
		.filter((each) => lost.has(nameOf(each)))
		.map((each) =>
			makeReason(
				"rules-unselected",
				nameOf(each),
				`${nameOf(each)} is there, but Prometheus' ruleSelector does not take it.`,
				{ evidence: rulesOf(each).map(titleOf) },
			),
		);
	// What stands in an object that is not selected is told once.
	const after = objects.flatMap(rulesOf);
	return [
		...nest(narrowedSelectors(a, b, ["PrometheusRule"]), ignored),
		...compareAlerts(before, after),
		...compareRecordings(before, after, b),
		...renamedGroups(before, after),
	];
}

/** The rules that Prometheus loads. */
export function selectedRules(side: Side): Rule[] {
	return objectsOf(side, "PrometheusRule")
		.filter((each) => isSelected(side, each))
		.flatMap(rulesOf);
}

function titleOf({ alert, record }: Rule): string {
	return alert ?? record ?? "";
}

/** Alerts of one name may stand there more than once, with other severities. */
function compareAlerts(before: Rule[], after: Rule[]): Reason[] {
	const own = (rules: Rule[]) => rules.filter(({ alert }) => alert);
	const { both, gone, added } = pairByKey(
		byName(own(before)),
		byName(own(after)),
		([name]) => name,
	);
	const renamed = takeRenamed(gone, added, ([, rules]) =>
		JSON.stringify(rules.map(({ expr, labels }) => [expr, labels])),
	);
	return [
		...gone.map(([name, rules]) =>
			makeReason("alert-gone", name, `Nothing alerts of ${name} any more.`, {
				evidence: rules.map(({ object, expr }) => `${object}: ${expr}`),
			}),
		),
		...renamed.map(([[old], [now]]) =>
			makeReason(
				"alert-renamed",
				old,
				`The alert ${old} is now called ${now}.`,
			),
		),
		...both.flatMap(([[name, old], [, now]]) => changedAlert(name, old, now)),
	];
}

function byName(rules: Rule[]): [string, Rule[]][] {
	return [...Map.groupBy(rules, titleOf)];
}

function changedAlert(name: string, old: Rule[], now: Rule[]): Reason[] {
	const labels = (rules: Rule[]) => rules.map((each) => each.labels);
	if (!isEqual(labels(old), labels(now)))
		return [
			makeReason("alert-relabelled", name, `${name} has other labels.`, {
				evidence: [
					`from ${JSON.stringify(labels(old))}`,
					`to ${JSON.stringify(labels(now))}`,
				],
			}),
		];
	const body = (rules: Rule[]) =>
		rules.map((each) => `${each.expr.trim()} for ${each.for}`);
	if (isEqual(body(old), body(now))) return [];
	return [
		makeReason("alert-changed", name, `${name} has another condition.`, {
			evidence: [
				...body(old).map((x) => `from ${x}`),
				...body(now).map((x) => `to ${x}`),
			],
		}),
	];
}

function compareRecordings(before: Rule[], after: Rule[], b: Side): Reason[] {
	const own = (rules: Rule[]) => [
		...new Set(rules.flatMap(({ record }) => record ?? [])),
	];
	const { gone } = pairByKey(own(before), own(after), (name) => name);
	return gone.map((name) =>
		makeReason("recording-gone", name, `${name} is no longer recorded.`, {
			consequences: usersOf(b, [name]).map((user) =>
				makeReason(
					"recording-used",
					`${name} in ${user}`,
					`${user} still uses ${name}, and finds nothing.`,
				),
			),
		}),
	);
}

/** Rules and dashboards of a side that select one of these metrics. */
export function usersOf(side: Side, metrics: readonly string[]): string[] {
	const uses = (expression: string) =>
		metricsIn(expression).some((name) => metrics.includes(name));
	return [
		...selectedRules(side)
			.filter(({ expr }) => uses(expr))
			.map((rule) => `the rule ${titleOf(rule)}`),
		...side.objects
			.filter(isDashboard)
			.filter((each) => expressionsOf(each).some(uses))
			.map((each) => `the dashboard ${each.metadata.name}`),
	].filter((user, i, all) => all.indexOf(user) === i);
}

/** Groups that stand elsewhere: the rules manager takes them for new ones. */
function renamedGroups(before: Rule[], after: Rule[]): Reason[] {
	const withFor = (rules: Rule[]) =>
		rules.filter((rule) => rule.alert && !/^0\w*$/.test(rule.for));
	const place = ({ object, group }: Rule) => `${object} ${group}`;
	const places = new Map(
		withFor(after).map((rule) => [titleOf(rule), place(rule)]),
	);
	const moved = withFor(before).filter((rule) => {
		const now = places.get(titleOf(rule));
		const stillThere = withFor(after).some(
			(each) => titleOf(each) === titleOf(rule) && place(each) === place(rule),
		);
		return now !== undefined && !stillThere;
	});
	return [...Map.groupBy(moved, place)].map(([old, rules]) =>
		makeReason(
			"rules-renamed",
			old,
			`${old} is now ${[...new Set(rules.map((rule) => places.get(titleOf(rule))))].join(", ")}: ${rules.map(titleOf).join(", ")} begin their waiting time again.`,
		),
	);
}
