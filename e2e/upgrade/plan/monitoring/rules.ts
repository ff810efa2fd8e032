import { isEqual } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { pairByKey, takeRenamed } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { type DeclaredRule, rulesOf, selectedRules } from "./rule-schema.ts";
import { isSelected, narrowedSelectors, nest } from "./selectors.ts";

/** Alerts and recording rules that are removed, changed, renamed or no longer selected. */
export function comparePrometheusRules(a: Side, b: Side): Reason[] {
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
				`${nameOf(each)} exists, but Prometheus' ruleSelector does not select it.`,
				{ evidence: rulesOf(each).map(titleOf) },
			),
		);
	// Rules of an object that is not selected are reported once, above, and not as gone.
	const after = objects.flatMap(rulesOf);
	return [
		...nest(narrowedSelectors(a, b, ["PrometheusRule"]), ignored),
		...compareAlerts(before, after),
		...compareRecordings(before, after),
		...renamedGroups(before, after),
	];
}

function titleOf({ alert, record }: DeclaredRule): string {
	return alert ?? record ?? "";
}

/** Several alerts may have one name, with different severities. */
function compareAlerts(
	before: DeclaredRule[],
	after: DeclaredRule[],
): Reason[] {
	const own = (rules: DeclaredRule[]) => rules.filter(({ alert }) => alert);
	const { both, gone, added } = pairByKey(
		byName(own(before)),
		byName(own(after)),
		([name]) => name,
	);
	const renamed = takeRenamed(gone, added, ([, rules]) =>
		JSON.stringify(rules.map(({ expr, labels }) => [expr, labels])),
	);
	return [
		...added.map(([name, rules]) => {
			const severity = severitiesOf(rules);
			return makeReason(
				"alert-added",
				`${name} (${severity})`,
				`The alert ${name} is new, with severity ${severity}.`,
				{ evidence: rules.map(({ object, expr }) => `${object}: ${expr}`) },
			);
		}),
		...gone.map(([name, rules]) =>
			makeReason("alert-gone", name, `The alert ${name} is removed.`, {
				evidence: rules.map(({ object, expr }) => `${object}: ${expr}`),
			}),
		),
		...renamed.map(([[old], [now]]) =>
			makeReason(
				"alert-renamed",
				old,
				`The alert ${old} is renamed to ${now}.`,
			),
		),
		...both.flatMap(([[name, old], [, now]]) => changedAlert(name, old, now)),
	];
}

function severitiesOf(rules: readonly DeclaredRule[]): string {
	const found = rules.map(({ labels }) => labels.severity ?? "none");
	return [...new Set(found)].join(" and ");
}

function byName(rules: DeclaredRule[]): [string, DeclaredRule[]][] {
	return [...Map.groupBy(rules, titleOf)];
}

function changedAlert(
	name: string,
	old: DeclaredRule[],
	now: DeclaredRule[],
): Reason[] {
	const labels = (rules: DeclaredRule[]) => rules.map((each) => each.labels);
	if (!isEqual(labels(old), labels(now)))
		return [
			makeReason("alert-relabelled", name, `The labels of ${name} change.`, {
				evidence: [
					`from ${JSON.stringify(labels(old))}`,
					`to ${JSON.stringify(labels(now))}`,
				],
			}),
		];
	const body = (rules: DeclaredRule[]) =>
		rules.map((each) => `${each.expr.trim()} for ${each.for}`);
	if (isEqual(body(old), body(now))) return [];
	return [
		makeReason("alert-changed", name, `The condition of ${name} changes.`, {
			evidence: [
				...body(old).map((x) => `from ${x}`),
				...body(now).map((x) => `to ${x}`),
			],
		}),
	];
}

/** Who uses them is found where all lost metrics are followed. */
function compareRecordings(
	before: DeclaredRule[],
	after: DeclaredRule[],
): Reason[] {
	const own = (rules: DeclaredRule[]) => [
		...new Set(rules.flatMap(({ record }) => record ?? [])),
	];
	const { gone } = pairByKey(own(before), own(after), (name) => name);
	return gone.map((name) =>
		makeReason("recording-gone", name, `${name} is no longer recorded.`),
	);
}

/** Groups that move to another object or name: Prometheus treats them as new. */
function renamedGroups(
	before: DeclaredRule[],
	after: DeclaredRule[],
): Reason[] {
	const withFor = (rules: DeclaredRule[]) =>
		rules.filter((rule) => rule.alert && !/^0\w*$/.test(rule.for));
	const place = ({ object, group }: DeclaredRule) => `${object} ${group}`;
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
			`${old} is now ${[...new Set(rules.map((rule) => places.get(titleOf(rule))))].join(", ")}: the pending timers of ${rules.map(titleOf).join(", ")} start over.`,
		),
	);
}
