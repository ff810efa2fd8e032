import {
	type BroughtRule,
	findOrigin,
	type InhibitionRule,
} from "./brought-inhibition.ts";
import type { AlertmanagerConfig } from "./loaded-config.ts";
import {
	type AlertLabels,
	collectMatchers,
	formatMatchers,
	type Matcher,
	matches,
	matchesAll,
} from "./matchers.ts";

/** "Suppresses warning alerts when a critical alert is already firing for the same alertname and namespace." */
const promised = ["alertname", "namespace"];
const promise =
	"the homelab promises that a critical alert suppresses the warnings of its alertname and namespace, and no others";

/** A name and labels that no rule has been written for. */
const any = { alertname: "AnyAlert", namespace: "any-namespace", severity: "" };

/** What else decides on what the loaded rules suppress, and whom to name. */
interface InhibitionContext {
	/** Labels that have the same value in every alert, such as Prometheus' external labels: `equal` may ask for them. */
	readonly constant?: readonly string[];
	/** The rules that AlertmanagerConfigs bring. */
	readonly brought?: readonly BroughtRule[];
	/** The labels of the loaded alert rules, `alertname` included; templates are left out. */
	readonly alerts?: readonly AlertLabels[];
}

/** A loaded rule, without the labels in `equal` that make no difference, and with the object that has brought it. */
interface LoadedRule extends InhibitionRule {
	readonly origin: string;
}

/** What is wrong with the loaded inhibition rules, held against the promise: a sentence each. */
export function findInhibitionFlaws(
	config: AlertmanagerConfig,
	{ constant = [], brought = [], alerts = [] }: InhibitionContext = {},
): string[] {
	const rules = (config.inhibit_rules ?? []).map((loaded): LoadedRule => {
		const rule = {
			source: collectMatchers(
				loaded.source_matchers ?? [],
				loaded.source_match,
				loaded.source_match_re,
			),
			target: collectMatchers(
				loaded.target_matchers ?? [],
				loaded.target_match,
				loaded.target_match_re,
			),
			equal: loaded.equal ?? [],
		};
		return {
			...rule,
			equal: rule.equal.filter((label) => !constant.includes(label)),
			origin: findOrigin(rule, brought),
		};
	});
	const flaws = rules.flatMap((rule) => tooMuch(rule, alerts));
	if (rules.some(keepsPromise)) return flaws;
	const near = rules.filter(isOfWarnings).map(tooLittle);
	const found =
		near.join("; ") ||
		(rules.length === 0
			? "Alertmanager has loaded no inhibition rule"
			: `none of the ${rules.length} loaded inhibition rules is of warnings: ${rules.map(describe).join("; ")}`);
	return [
		...flaws,
		...(flaws.length > 0 && near.length === 0 ? [] : [`${promise}: ${found}`]),
	];
}

function keepsPromise(rule: LoadedRule): boolean {
	return (
		matchesAll(rule.source, { ...any, severity: "critical" }) &&
		isOfWarnings(rule) &&
		rule.equal.every((label) => promised.includes(label))
	);
}

function isOfWarnings({ target }: InhibitionRule): boolean {
	return matchesAll(target, { ...any, severity: "warning" });
}

/** Why a rule about warnings suppresses fewer than was promised. */
function tooLittle(rule: LoadedRule): string {
	const extra = rule.equal.filter((label) => !promised.includes(label));
	const reasons = [
		...(matchesAll(rule.source, { ...any, severity: "critical" })
			? []
			: ["its source is not every critical alert"]),
		...(extra.length > 0
			? [
					`equal has ${extra.join(" and ")} too much, so warnings with another ${extra.join(" or ")} still come`,
				]
			: []),
	];
	return `${describe(rule)}: ${reasons.join(", and ")}`;
}

/** What a rule suppresses that was promised to come. */
function tooMuch(rule: LoadedRule, alerts: readonly AlertLabels[]): string[] {
	const { source, target, equal } = rule;
	const silenced = ["critical", "warning"].filter(
		(severity) =>
			canBe(target, "severity", severity) &&
			(!names(target) ||
				alerts.some(
					(each) =>
						(each.severity ?? severity) === severity &&
						allowsAlert(target, each),
				)),
	);
	if (silenced.length === 0) return [];
	const missing = promised.filter(
		(label) => !equal.includes(label) && !isPinned(rule, label),
	);
	const flaw = (why: string) => [`${promise}: ${describe(rule)} ${why}`];
	// A named cause that silences its own consequences, such as a node that is down those of its pods.
	const scope = [
		...equal.filter((label) => !promised.includes(label)),
		...promised.filter((label) => isPinned(rule, label)),
	];
	const namedCause = names(source) && (names(target) || scope.length > 0);
	if (silenced.includes("critical") && !(namedCause && names(target)))
		return flaw("also suppresses critical alerts");
	if (namedCause) return [];
	if (!names(source) && canBe(source, "severity", "info"))
		return flaw("lets alerts that are not critical suppress warnings");
	if (
		!names(source) &&
		!canBe(source, "severity", "critical") &&
		!sourceIsTarget(rule)
	)
		return flaw(
			"suppresses warnings although no critical alert fires: its source is not of severity critical",
		);
	if (missing.length > 0)
		return flaw(
			`suppresses warnings of another ${missing.join(" and ")}: equal lacks ${missing.join(" and ")}`,
		);
	return [];
}

/** Whether both sides ask for the same value of a label, as the rules of an AlertmanagerConfig do for its namespace. */
function isPinned({ source, target }: InhibitionRule, label: string): boolean {
	return source.some(
		(one) =>
			one.label === label &&
			one.operator === "=" &&
			target.some(
				(other) =>
					other.label === label &&
					other.operator === "=" &&
					other.value === one.value,
			),
	);
}

/** An alert that is source and target at the same time is not suppressed by another such one. */
function sourceIsTarget({ source, target }: InhibitionRule): boolean {
	return ["critical", "warning"].every(
		(severity) =>
			!canBe(source, "severity", severity) ||
			canBe(target, "severity", severity),
	);
}

/** Whether matchers allow a label's value, whatever they say of other labels. */
function canBe(
	matchers: readonly Matcher[],
	label: string,
	value: string,
): boolean {
	return matchers.every((each) => each.label !== label || matches(each, value));
}

/** Whether matchers allow an alert with some labels, whatever its others are. */
function allowsAlert(
	matchers: readonly Matcher[],
	labels: AlertLabels,
): boolean {
	return Object.entries(labels).every(([label, value]) =>
		canBe(matchers, label, value),
	);
}

/** Whether matchers are about certain alerts, by their names. */
function names(matchers: readonly Matcher[]): boolean {
	return !canBe(matchers, "alertname", any.alertname);
}

function describe({ source, target, equal, origin }: LoadedRule): string {
	return `the inhibition rule of ${formatMatchers(target)} by ${formatMatchers(source)} with equal [${equal.join(", ")}]${origin && ` (from ${origin})`}`;
}
