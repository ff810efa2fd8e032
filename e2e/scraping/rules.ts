import { z } from "zod";
import { kubeObject, monitoringV1 } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { Rule, RuleGroup } from "../clients/prometheus-schemas.ts";
import { parseDuration } from "../common/duration.ts";

const prometheusRule = kubeObject.extend({
	spec: z.looseObject({
		groups: z
			.array(
				z.looseObject({
					name: z.string(),
					interval: z.string().optional(),
					rules: z.array(z.unknown()).default([]),
				}),
			)
			.default([]),
	}),
});
export type PrometheusRule = z.infer<typeof prometheusRule>;

/** The cluster's PrometheusRules, except for those that tests have planted. */
export async function listPrometheusRules(
	kube: KubeClient,
	planted: ReadonlySet<string>,
): Promise<PrometheusRule[]> {
	const rules = await kube.list(
		{ apiVersion: monitoringV1, kind: "PrometheusRule" },
		prometheusRule,
	);
	return rules.filter(({ metadata }) => !planted.has(metadata.namespace ?? ""));
}

/** The loaded groups that no test has planted: the operator puts the namespace into a rule file's name. */
export function withoutPlanted(
	groups: readonly RuleGroup[],
	planted: ReadonlySet<string>,
): RuleGroup[] {
	return groups.filter(
		({ file }) =>
			![...planted].some((namespace) => file.includes(`/${namespace}-`)),
	);
}

/** Milliseconds: after it is loaded, a group may take up to its interval until its first evaluation. */
export function longestInterval(rules: readonly PrometheusRule[]): number {
	const intervals = rules.flatMap(({ spec }) =>
		spec.groups.map(({ interval }) => (interval ? parseDuration(interval) : 0)),
	);
	return Math.max(0, ...intervals);
}

/** A sentence for each group that is not loaded completely, and each rule whose health is not ok. */
export function findRuleProblems(
	wanted: readonly PrometheusRule[],
	loaded: readonly RuleGroup[],
): string[] {
	return [
		...wanted.flatMap((each) => findMissingGroups(each, loaded)),
		...loaded.flatMap(({ name: group, rules }) =>
			rules
				.filter(({ health }) => health !== "ok")
				.map((rule) => `rule ${rule.name} of ${group}: ${describe(rule)}`),
		),
	];
}

function findMissingGroups(
	{ metadata: { namespace, name, uid }, spec }: PrometheusRule,
	loaded: readonly RuleGroup[],
): string[] {
	// Before v0.62 the operator did not put the UID into the file's name.
	const files = [
		`/${namespace}-${name}-${uid}.yaml`,
		`/${namespace}-${name}.yaml`,
	];
	const own = loaded.filter(({ file }) =>
		files.some((ending) => file.endsWith(ending)),
	);
	return spec.groups.flatMap((group) => {
		const what = `group ${group.name} of PrometheusRule ${namespace}/${name}`;
		const found = own.find((each) => each.name === group.name);
		if (!found) return [`${what} is not loaded`];
		return found.rules.length === group.rules.length
			? []
			: [
					`${what} has ${group.rules.length} rules, but ${found.rules.length} are loaded`,
				];
	});
}

function describe({ health, lastError }: Rule): string {
	return health === "unknown"
		? "not evaluated yet"
		: `health ${health}: ${lastError}`;
}
