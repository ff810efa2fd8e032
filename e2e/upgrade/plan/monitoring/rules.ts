import { difference, isEqual, sortBy, uniq } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { plainExpression } from "../../../common/promql/plain.ts";
import { dangers } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { pairByKey, takeRenamed } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { makeRoutingEffects } from "../routing/alert-routes.ts";
import { type FindNarrowing, makeFindNarrowing } from "./narrowed-alerts.ts";
import { compareEvaluation, renamedGroups, titleOf } from "./rule-groups.ts";
import { type DeclaredRule, rulesOf, selectedRules } from "./rule-schema.ts";
import {
	companionsUnselected,
	isSelected,
	narrowedSelectors,
	nest,
} from "./selectors.ts";

/** Alerts and recording rules that are removed, changed, renamed or no longer selected. */
export function comparePrometheusRules(a: Side, b: Side): Reason[] {
	const objects = objectsOf(b, "PrometheusRule");
	const unselected = objects.filter((each) => !isSelected(b, each));
	const before = selectedRules(a);
	const lost = new Set(before.map(({ object }) => object));
	const ignored = [
		...unselected.filter((each) => lost.has(nameOf(each))),
		...companionsUnselected(a, b, ["PrometheusRule"]),
	].map((each) =>
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
		...compareAlerts(
			before,
			after,
			makeRoutingEffects(b),
			makeFindNarrowing(a, b),
		),
		...compareRecordings(before, after),
		...renamedGroups(before, after),
		...compareEvaluation(before, after, a, b),
	];
}

/** Several alerts may have one name, with different severities. */
function compareAlerts(
	before: readonly DeclaredRule[],
	after: readonly DeclaredRule[],
	effectOn: ReturnType<typeof makeRoutingEffects>,
	findNarrowing: FindNarrowing,
): Reason[] {
	const own = (rules: readonly DeclaredRule[]) =>
		rules.filter(({ alert }) => alert);
	const withEffect = (
		reason: Reason,
		old: readonly DeclaredRule[],
		now: readonly DeclaredRule[],
	): Reason => {
		const effect = effectOn(old, now);
		const isWorse =
			effect && dangers.indexOf(effect.danger) > dangers.indexOf(reason.danger);
		return {
			...reason,
			what: reason.what + (effect?.says ?? ""),
			...(isWorse && { danger: effect.danger }),
		};
	};
	const { both, gone, added } = pairByKey(
		byName(own(before)),
		byName(own(after)),
		([name]) => name,
	);
	const renamed = takeRenamed(gone, added, ([, rules]) =>
		JSON.stringify(
			rules.map(({ expr, labels }) => [plainExpression(expr), labels]),
		),
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
		...renamed.map(([[old, rules], [now, newer]]) =>
			withEffect(
				makeReason(
					"alert-renamed",
					old,
					`The alert ${old} is renamed to ${now}.`,
				),
				rules,
				newer,
			),
		),
		...both.flatMap(([[name, old], [, now]]) =>
			changedAlert(name, old, now, findNarrowing(old, now)).map((each) =>
				withEffect(each, old, now),
			),
		),
	];
}

function severitiesOf(rules: readonly DeclaredRule[]): string {
	const found = rules.map(({ labels }) => labels.severity ?? "none");
	return [...new Set(found)].join(" and ");
}

function byName(rules: readonly DeclaredRule[]): [string, DeclaredRule[]][] {
	return [...Map.groupBy(rules, titleOf)];
}

function changedAlert(
	name: string,
	old: readonly DeclaredRule[],
	now: readonly DeclaredRule[],
	narrowing: ReturnType<FindNarrowing>,
): Reason[] {
	// In which order alerts of one name stand means nothing.
	const labels = (rules: readonly DeclaredRule[]) =>
		sortBy(
			rules.map((each) => each.labels),
			[(each) => JSON.stringify(Object.entries(each).sort())],
		);
	if (!isEqual(labels(old), labels(now)))
		return [
			makeReason("alert-relabelled", name, `The labels of ${name} change.`, {
				evidence: [
					`from ${JSON.stringify(labels(old))}`,
					`to ${JSON.stringify(labels(now))}`,
				],
			}),
		];
	const changes = changesOf(old, now);
	if (changes.length > 0)
		return [
			makeReason(
				"alert-changed",
				name,
				`The condition of ${name} changes${narrowing?.says ?? ""}.`,
				{ ...narrowing?.details, evidence: changes },
			),
		];
	// Another text is read by people; where one is missing, a message that quotes it has a gap.
	const gone = difference(annotationsOf(old), annotationsOf(now)).filter(
		(each) => each !== "runbook_url",
	);
	return gone.length === 0
		? []
		: [
				makeReason(
					"alert-changed",
					name,
					`${name} no longer has the ${gone.length > 1 ? "annotations" : "annotation"} ${gone.join(", ")}, which your messages may quote.`,
				),
			];
}

function annotationsOf(rules: readonly DeclaredRule[]): string[] {
	return uniq(rules.flatMap(({ annotations }) => Object.keys(annotations)));
}

/** What a rule does, in one line. */
function bodyOf(rule: DeclaredRule): string {
	const expression = rule.expr.trim();
	if (rule.record !== undefined) {
		const labels = Object.entries(rule.labels).map(
			([name, value]) => `${name}="${value}"`,
		);
		return labels.length === 0
			? expression
			: `${expression} with ${labels.sort().join(", ")}`;
	}
	return [
		`${expression} for ${rule.for}`,
		...(rule.keep_firing_for === "0s"
			? []
			: [`kept firing for ${rule.keep_firing_for}`]),
	].join(", ");
}

/** How the rules of one name change; empty if they mean the same. */
function changesOf(
	old: readonly DeclaredRule[],
	now: readonly DeclaredRule[],
): string[] {
	const [from, to] = [old.map(bodyOf).sort(), now.map(bodyOf).sort()];
	if (isEqual(from, to)) return [];
	const meaning = (rules: readonly DeclaredRule[]) =>
		rules
			.map((each) => bodyOf({ ...each, expr: plainExpression(each.expr) }))
			.sort();
	return isEqual(meaning(old), meaning(now))
		? []
		: [
				...difference(from, to).map((each) => `from ${each}`),
				...difference(to, from).map((each) => `to ${each}`),
			];
}

/** Who uses them is found where all lost metrics are followed. */
function compareRecordings(
	before: readonly DeclaredRule[],
	after: readonly DeclaredRule[],
): Reason[] {
	const own = (rules: readonly DeclaredRule[]) =>
		byName(rules.filter(({ record }) => record));
	const { both, gone } = pairByKey(own(before), own(after), ([name]) => name);
	return [
		...gone.map(([name]) =>
			makeReason("recording-gone", name, `${name} is no longer recorded.`),
		),
		...both.flatMap(([[name, old], [, now]]) => {
			const changes = changesOf(old, now);
			return changes.length === 0
				? []
				: [
						makeReason(
							"recording-changed",
							name,
							`What ${name} records changes.`,
							{ evidence: changes },
						),
					];
		}),
	];
}
