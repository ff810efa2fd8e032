import type { AlertmanagerConfig } from "./loaded-config.ts";
import {
	collectMatchers,
	formatMatchers,
	type Matcher,
	matches,
	matchesAll,
} from "./matchers.ts";

interface InhibitionRule {
	readonly source: readonly Matcher[];
	readonly target: readonly Matcher[];
	readonly equal: readonly string[];
}

/** "Suppresses warning alerts when a critical alert is already firing for the same alertname and namespace." */
const promised = ["alertname", "namespace"];
const promise =
	"the homelab promises that a critical alert suppresses the warnings of its alertname and namespace, and no others";

/** A name and labels that no rule has been written for. */
const any = { alertname: "AnyAlert", namespace: "any-namespace", severity: "" };

/** What is wrong with the loaded inhibition rules, held against the promise: a sentence each. */
export function findInhibitionFlaws(config: AlertmanagerConfig): string[] {
	const rules = (config.inhibit_rules ?? []).map(
		(rule): InhibitionRule => ({
			source: collectMatchers(
				rule.source_matchers ?? [],
				rule.source_match,
				rule.source_match_re,
			),
			target: collectMatchers(
				rule.target_matchers ?? [],
				rule.target_match,
				rule.target_match_re,
			),
			equal: rule.equal ?? [],
		}),
	);
	const flaws = rules.flatMap(tooMuch);
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

function keepsPromise(rule: InhibitionRule): boolean {
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
function tooLittle(rule: InhibitionRule): string {
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
function tooMuch(rule: InhibitionRule): string[] {
	const { source, target, equal } = rule;
	const silenced = ["critical", "warning"].filter((severity) =>
		canBe(target, "severity", severity),
	);
	if (silenced.length === 0) return [];
	const missing = promised.filter((label) => !equal.includes(label));
	const flaw = (why: string) => [`${promise}: ${describe(rule)} ${why}`];
	// A named cause that silences its own consequences, such as a node that is down those of its pods.
	const scope = equal.filter((label) => !promised.includes(label));
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

/** Whether matchers are about certain alerts, by their names. */
function names(matchers: readonly Matcher[]): boolean {
	return !canBe(matchers, "alertname", any.alertname);
}

function describe({ source, target, equal }: InhibitionRule): string {
	return `the inhibition rule of ${formatMatchers(target)} by ${formatMatchers(source)} with equal [${equal.join(", ")}]`;
}
