import type { AlertmanagerConfig } from "../loaded-config.ts";
import {
	type AlertLabels,
	collectMatchers,
	formatMatchers,
} from "../matchers.ts";
import {
	type BroughtRule,
	findOrigin,
	type InhibitionRule,
} from "./brought.ts";

/** "Suppresses warning alerts when a critical alert is already firing for the same alertname and namespace." */
export const promisedEqual = ["alertname", "namespace"];
export const inhibitionPromise =
	"the homelab promises that a critical alert suppresses the warnings of its alertname and namespace, and no others";

/** A name and labels that no rule has been written for. */
export const anyAlert = {
	alertname: "AnyAlert",
	namespace: "any-namespace",
};

/** What else decides on what the loaded rules suppress, and whom to name. */
export interface InhibitionContext {
	/** What every alert has: `equal` may ask for these labels. */
	readonly externalLabels?: AlertLabels;
	/** The rules that AlertmanagerConfigs bring. */
	readonly brought?: readonly BroughtRule[];
	/** The labels of the loaded alert rules, `alertname` included; templates are left out. */
	readonly alerts?: readonly AlertLabels[];
	/** Those of the loaded rules whose alerts always fire. */
	readonly always?: readonly AlertLabels[];
	/** By alertname, which labels its alerts have, as far as it is known. */
	readonly labelsOf?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A rule that Alertmanager has loaded, without the labels in `equal` that make no difference, and what has brought it. */
export interface LoadedInhibition extends InhibitionRule {
	/** Empty if it comes from the main configuration. */
	readonly origin: string;
}

export function readInhibitionRules(
	config: AlertmanagerConfig,
	{ externalLabels = {}, brought = [] }: InhibitionContext,
): LoadedInhibition[] {
	return (config.inhibit_rules ?? []).map((loaded) => {
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
			equal: rule.equal.filter((label) => !(label in externalLabels)),
			origin: findOrigin(rule, brought),
		};
	});
}

export function describeInhibition({
	source,
	target,
	equal,
	origin,
}: LoadedInhibition): string {
	return `the inhibition rule of ${formatMatchers(target)} by ${formatMatchers(source)} with equal [${equal.join(", ")}]${origin && ` (from ${origin})`}`;
}
