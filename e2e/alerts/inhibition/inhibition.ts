import type { AlertmanagerConfig } from "../loaded-config.ts";
import { allowsAlert, type Matcher } from "../matchers.ts";
import { findExcessInhibition, isNamed } from "./excess.ts";
import { findUnsuppressed } from "./kept.ts";
import { type InhibitionContext, readInhibitionRules } from "./rules.ts";

/** What is wrong with the loaded inhibition rules, held against the promise: a sentence each. */
export function findInhibitionFlaws(
	config: AlertmanagerConfig,
	context: InhibitionContext = {},
): string[] {
	const rules = readInhibitionRules(config, context);
	return [
		...rules.flatMap((rule) => findExcessInhibition(rule, context)),
		...findUnsuppressed(rules, context),
	];
}

/** Whether an inhibition rule names an alert as a cause within further labels, or a namespace: then it matters which ones the alert has. */
export function isNamedCause(
	config: AlertmanagerConfig,
	alertname: string,
): boolean {
	return readInhibitionRules(config, {}).some(
		({ source, equal }) =>
			isNamed(source) &&
			allowsAlert(source, { alertname }) &&
			equal.some((label) => label !== "alertname"),
	);
}

/** The sides of the loaded rules: what they suppress is tried with labels that fulfil them, and with others. */
export function inhibitionConditions(config: AlertmanagerConfig): Matcher[][] {
	return readInhibitionRules(config, {}).flatMap(({ source, target }) => [
		[...source],
		[...target],
	]);
}
