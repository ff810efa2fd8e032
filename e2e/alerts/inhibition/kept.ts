import { matches } from "../../common/promql/matcher.ts";
import { makeContexts } from "../alert-contexts.ts";
import {
	type AlertLabels,
	decisiveValues,
	formatMatchers,
	type Matcher,
	matchesAll,
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

/** Which warnings still come although a critical alert of their name and namespace fires: a sentence each. */
export function findUnsuppressed(
	rules: readonly LoadedInhibition[],
	{ externalLabels = {}, alerts = [] }: InhibitionContext,
): string[] {
	const usual = { ...anyAlert, ...externalLabels };
	const keeping = rules.filter((rule) => keeps(rule, usual));
	if (keeping.length === 0)
		return [`${inhibitionPromise}: ${explainNone(rules, usual)}`];
	const contexts = makeContexts(
		rules.flatMap(({ source, target }) => [source, target]),
		[],
	);
	const found = new Map<string, string>();
	for (const alertname of namesToTry(rules, alerts))
		for (const context of contexts) {
			const labels = { ...anyAlert, ...context, ...externalLabels, alertname };
			if (rules.some((rule) => keeps(rule, labels))) continue;
			for (const rule of keeping) {
				const reason = `${describeInhibition(rule)} leaves them out by ${formatMatchers(exceptionsFor(rule, labels))}`;
				const others = Object.entries(context).map(
					([name, value]) => `${name}="${value}"`,
				);
				const example = [`alertname="${alertname}"`, ...others].join(", ");
				found.set(reason, found.get(reason) ?? example);
			}
		}
	return [...found].map(
		([reason, example]) =>
			`${inhibitionPromise}: warnings of some still come beside a critical alert, such as those of ${example}: ${reason}`,
	);
}

function keeps(rule: LoadedInhibition, labels: AlertLabels): boolean {
	return (
		isByCritical(rule, labels) &&
		isOfWarnings(rule, labels) &&
		!isMutual(rule, labels) &&
		rule.equal.every((label) => promisedEqual.includes(label))
	);
}

function isByCritical(
	{ source }: LoadedInhibition,
	labels: AlertLabels,
): boolean {
	return matchesAll(source, { ...labels, severity: "critical" });
}

function isOfWarnings(
	{ target }: LoadedInhibition,
	labels: AlertLabels,
): boolean {
	return matchesAll(target, { ...labels, severity: "warning" });
}

/** Whether both sides take both alerts: Alertmanager lets none of such alerts suppress another one. */
function isMutual(
	{ source, target }: LoadedInhibition,
	labels: AlertLabels,
): boolean {
	return (
		matchesAll(source, { ...labels, severity: "warning" }) &&
		matchesAll(target, { ...labels, severity: "critical" })
	);
}

/** The matchers for which a rule does not suppress such a warning. */
function exceptionsFor(
	{ source, target }: LoadedInhibition,
	labels: AlertLabels,
): Matcher[] {
	const failing = (matchers: readonly Matcher[], severity: string) =>
		matchers.filter(
			(each) => !matches(each, { ...labels, severity }[each.label] ?? ""),
		);
	return [...failing(source, "critical"), ...failing(target, "warning")];
}

/**
 * Any name, those that are loaded with both severities, and those that a matcher leaves open, such as `Kube.+`. A name
 * that no critical and warning rule share has nothing to suppress.
 */
function namesToTry(
	rules: readonly LoadedInhibition[],
	alerts: readonly AlertLabels[],
): Set<string> {
	const has = (name: string, severity: string) =>
		alerts.some(
			(each) =>
				each.alertname === name && (each.severity ?? severity) === severity,
		);
	const open = rules
		.flatMap(({ source, target }) => [...source, ...target])
		.filter((each) => each.label === "alertname" && !namesAll(each))
		.flatMap(decisiveValues);
	return new Set([
		anyAlert.alertname,
		...open.filter((name) => name !== ""),
		...alerts
			.flatMap(({ alertname = "" }) => alertname)
			.filter((name) => has(name, "critical") && has(name, "warning")),
	]);
}

function explainNone(
	rules: readonly LoadedInhibition[],
	usual: AlertLabels,
): string {
	if (rules.length === 0) return "Alertmanager has loaded no inhibition rule";
	const near = rules.filter((rule) => isOfWarnings(rule, usual));
	return near.length > 0
		? near.map((rule) => explainTooLittle(rule, usual)).join("; ")
		: `none of the ${rules.length} loaded inhibition rules is of all warnings: ${rules.map(describeInhibition).join("; ")}`;
}

function explainTooLittle(rule: LoadedInhibition, usual: AlertLabels): string {
	const extra = rule.equal.filter((label) => !promisedEqual.includes(label));
	const reasons = [
		...(isByCritical(rule, usual)
			? []
			: ["its source is not every critical alert"]),
		...(isMutual(rule, usual)
			? [
					"both its sides take critical and warning alerts, and Alertmanager lets none of such alerts suppress another one",
				]
			: []),
		...(extra.length > 0
			? [
					`equal has ${extra.join(" and ")} too much, so warnings with another ${extra.join(" or ")} still come`,
				]
			: []),
	];
	return `${describeInhibition(rule)}: ${reasons.join(", and ")}`;
}
