import type { AlertmanagerConfig } from "../loaded-config.ts";
import { allowsAlert } from "../matchers.ts";
import { findExcess, isNamed } from "./excess.ts";
import { findUnsuppressed } from "./kept.ts";
import { type InhibitionContext, readInhibitionRules } from "./rules.ts";

/** What is wrong with the loaded inhibition rules, held against the promise: a sentence each. */
export function findInhibitionFlaws(
	config: AlertmanagerConfig,
	context: InhibitionContext = {},
): string[] {
	const rules = readInhibitionRules(config, context);
	return [
		...rules.flatMap((rule) => findExcess(rule, context)),
		...findUnsuppressed(rules, context),
	];
}

/** Whether an alert's name is a cause that an inhibition rule names: then it matters which labels the alert has. */
export function isNamedCause(
	config: AlertmanagerConfig,
	alertname: string,
): boolean {
	return readInhibitionRules(config, {}).some(
		({ source }) => isNamed(source) && allowsAlert(source, { alertname }),
	);
}
