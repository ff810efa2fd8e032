import {
	type AlertLabels,
	allowsAlert,
	decisiveValues,
	formatMatchers,
	type Matcher,
	namesAll,
} from "../matchers.ts";
import {
	anyAlert,
	describeInhibition,
	type InhibitionContext,
	inhibitionPromise,
	type LoadedInhibition,
	promisedEqual,
} from "./rules.ts";

/** In `equal`, these do not tie consequences to their cause: the severity is the same of all warnings. */
const tellsNoScope: readonly string[] = [...promisedEqual, "severity"];

/**
 * What a rule suppresses that was promised to come: a sentence, or none. A named cause may silence its own
 * consequences, such as a node that is down the warnings of its pods, or one whose name is written out those of its namespace.
 */
export function findExcessInhibition(
	rule: LoadedInhibition,
	{ externalLabels = {}, alerts = [], always, labelsOf }: InhibitionContext,
): string[] {
	const { source, target, equal } = rule;
	const canBe = (
		matchers: readonly Matcher[],
		severity: string,
		labels: AlertLabels = {},
	) => allowsAlert(matchers, { ...externalLabels, ...labels, severity });
	// An alert that is source and target at the same time is not suppressed by another such one.
	const isReached = (severity: string) =>
		!differInSeverityAlone(rule) ||
		severitiesOf(source).some(
			(each) =>
				canBe(source, each) &&
				!(canBe(source, severity) && canBe(target, each)),
		);
	const silenced = ["critical", "warning"].filter(
		(severity) =>
			canBe(target, severity) &&
			isReached(severity) &&
			(!isNamed(target) ||
				alerts.some(
					(each) =>
						(each.severity ?? severity) === severity &&
						canBe(target, severity, each),
				)),
	);
	if (silenced.length === 0) return [];
	const flaw = (why: string) => [
		`${inhibitionPromise}: ${describeInhibition(rule)} ${why}`,
	];
	const noCause = findNoCause(rule, always);
	if (noCause) return flaw(`suppresses them ${noCause}`);
	// Who writes out a cause means what it explains, and that may be a namespace's.
	const further = equal.filter(
		(label) =>
			!tellsNoScope.includes(label) ||
			(label === "namespace" && areNames(source)),
	);
	const empty = isNamed(source) ? findEmptyScope(rule, further, labelsOf) : [];
	const pinned = promisedEqual.filter((label) => isPinned(rule, label));
	const isScoped = further.length + pinned.length > 0 && empty.length === 0;
	const isNamedTarget =
		target.some(({ label }) => label === "alertname") && areNames(target);
	const hasConsequences = isNamedTarget || isNarrow(target, externalLabels);
	const isCause =
		isNamed(source) && (isScoped || (areNames(source) && hasConsequences));
	if (silenced.includes("critical") && !(isCause && hasConsequences))
		return flaw("also suppresses critical alerts");
	if (isCause) return [];
	if (empty.length > 0)
		return flaw(
			`suppresses every alert without ${empty.join(" and ")}: the source has no such label, and what both lack is equal`,
		);
	if (!isNamed(source) && canBe(source, "info"))
		return flaw("lets alerts that are not critical suppress warnings");
	const isOfItself = ["critical", "warning"].every(
		(severity) => !canBe(source, severity) || canBe(target, severity),
	);
	if (!isNamed(source) && !canBe(source, "critical") && !isOfItself)
		return flaw(
			"suppresses warnings although no critical alert fires: its source is not of severity critical",
		);
	const missing = promisedEqual.filter(
		(label) => !equal.includes(label) && !pinned.includes(label),
	);
	if (missing.length > 0)
		return flaw(
			`suppresses warnings of another ${missing.join(" and ")}: equal lacks ${missing.join(" and ")}`,
		);
	return [];
}

/** The usual severities, and those that matchers name. */
function severitiesOf(matchers: readonly Matcher[]): string[] {
	const named = matchers.filter(({ label }) => label === "severity");
	return [
		...["critical", "warning", "info", "none"],
		...named.flatMap(decisiveValues),
	];
}

/** Whether nothing but its severity decides on which side of a rule an alert is. */
function differInSeverityAlone({ source, target }: LoadedInhibition): boolean {
	const others = [source, target].map((side) =>
		formatMatchers(side.filter(({ label }) => label !== "severity")),
	);
	return others[0] === others[1];
}

/** The chart's own two. */
const watchdog = { alertname: "Watchdog", severity: "none" };
const infoInhibitor = { alertname: "InfoInhibitor", severity: "none" };

/** Whether an alert is named that is no cause of anything: when it suppresses others, as a clause. */
function findNoCause(
	{ source }: LoadedInhibition,
	always: readonly AlertLabels[] = [],
): string | undefined {
	if (!isNamed(source)) return undefined;
	const forever = [watchdog, ...always].find((each) =>
		allowsAlert(source, each),
	);
	if (forever)
		return `for ever: its source takes ${forever.alertname}, which always fires`;
	return allowsAlert(source, infoInhibitor)
		? "while anything of severity info fires: its source takes InfoInhibitor, which is the cause of nothing"
		: undefined;
}

/** Whether both sides ask for the same value of a label, as the rules of an AlertmanagerConfig do for its namespace. */
function isPinned(
	{ source, target }: LoadedInhibition,
	label: string,
): boolean {
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

/** Labels in `equal` that narrow nothing: no alert of the source has them, and neither side asks for them. */
function findEmptyScope(
	{ source, target }: LoadedInhibition,
	labels: readonly string[],
	labelsOf: InhibitionContext["labelsOf"] = new Map(),
): string[] {
	const sources = [...labelsOf].filter(([alertname]) =>
		allowsAlert(source, { alertname }),
	);
	return labels.filter(
		(label) =>
			sources.length > 0 &&
			sources.every(([, own]) => !own.has(label)) &&
			[...source, ...target].every(
				(each) => each.label !== label || allowsAlert([each], { [label]: "" }),
			),
	);
}

/** Whether matchers are about certain alerts, by their names. */
export function isNamed(matchers: readonly Matcher[]): boolean {
	return !allowsAlert(matchers, { alertname: anyAlert.alertname });
}

/** Whether the names are written out: a pattern also takes names that nobody has thought of. */
function areNames(matchers: readonly Matcher[]): boolean {
	return matchers.some(
		(each) => each.label === "alertname" && isWanted(each) && namesAll(each),
	);
}

/** Whether matchers are about certain consequences, by something else, such as a job. A severity or a namespace is no such thing. */
function isNarrow(
	matchers: readonly Matcher[],
	externalLabels: AlertLabels,
): boolean {
	const wide = [
		"alertname",
		"severity",
		"namespace",
		...Object.keys(externalLabels),
	];
	return matchers.some(
		(each) => !wide.includes(each.label) && isWanted(each) && namesAll(each),
	);
}

function isWanted({ operator }: Matcher): boolean {
	return operator === "=" || operator === "=~";
}
