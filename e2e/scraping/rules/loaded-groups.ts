import pLimit from "p-limit";
import { z } from "zod";
import { plantedRules } from "../../alerts/planted-alerts.ts";
import { kubeObject, monitoringV1 } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type { Rule, RuleGroup } from "../../clients/prometheus-schemas.ts";
import { budgets } from "../../common/budgets.ts";
import { formatDuration } from "../../common/duration.ts";
import { messageOf } from "../../common/errors.ts";
import { syntaxErrorIn } from "../../common/promql/expressions.ts";
import { listPlantedNamespaces } from "../cluster-state.ts";
import { explainNotLoaded, readObjectSelection } from "../refusals.ts";

const prometheusRule = kubeObject.extend({
	spec: z.looseObject({
		groups: z
			.array(
				z.looseObject({
					name: z.string(),
					rules: z
						.array(
							z.looseObject({
								record: z.string().optional(),
								alert: z.string().optional(),
								expr: z.coerce.string().optional(),
							}),
						)
						.default([]),
				}),
			)
			.default([]),
	}),
});
export type PrometheusRule = z.infer<typeof prometheusRule>;

/** The cluster's PrometheusRules, except for those that tests have planted. */
async function listPrometheusRules(
	kube: KubeClient,
): Promise<PrometheusRule[]> {
	const planted = await listPlantedNamespaces(kube);
	const rules = await kube.list(
		{ apiVersion: monitoringV1, kind: "PrometheusRule" },
		prometheusRule,
	);
	return rules.filter(
		({ metadata: { namespace = "", name } }) =>
			!planted.has(namespace) && !name.startsWith(plantedRules),
	);
}

/** The loaded groups that no test has planted. */
export async function readOwnGroups(
	kube: KubeClient,
	prometheus: PrometheusClient,
): Promise<RuleGroup[]> {
	const planted = await listPlantedNamespaces(kube);
	return withoutPlanted(await prometheus.ruleGroups(), planted);
}

/**
 * The loaded groups that no test has planted: the operator puts the namespace into a rule file's name. Planted alerts are
 * in the stack's own namespace if Prometheus takes rules from no other.
 */
export function withoutPlanted(
	groups: readonly RuleGroup[],
	planted: ReadonlySet<string>,
): RuleGroup[] {
	return groups.filter(
		({ name, file }) =>
			!name.startsWith(plantedRules) &&
			![...planted].some((namespace) => file.includes(`/${namespace}-`)),
	);
}

/**
 * Milliseconds: after it is loaded, a group may take up to its interval until its first evaluation. Groups that a test
 * does not wait for are left out.
 */
export function longestInterval(groups: readonly RuleGroup[]): number {
	const waited = groups.filter((each) => !isSlow(each));
	return Math.max(0, ...waited.map(({ interval }) => interval * 1000));
}

/** Whether a group's interval is longer than a test waits for an evaluation. */
export function isSlow({ interval }: Pick<RuleGroup, "interval">): boolean {
	return interval * 1000 > budgets.ruleInterval;
}

/**
 * Why a rule that nothing is wrong with has stored no result; undefined if it should have: its first evaluation is further
 * away than a test waits, or its samples are older than what the test's short blocks take.
 */
export function whyNotStored(
	group: Pick<RuleGroup, "interval">,
	{ health, lastError }: Pick<Rule, "health" | "lastError">,
): string | undefined {
	if (health === "unknown" && isSlow(group))
		return `its group is evaluated every ${formatDuration(group.interval * 1000)}, and has not been yet`;
	// A homelab's blocks of two hours take samples of the last hour, the test's of 45 s only those of the last 22 s.
	return health === "err" && /out of bounds|too old sample/.test(lastError)
		? "its samples are in the past, as with a query_offset, and only the test's short blocks refuse them"
		: undefined;
}

/**
 * A sentence for each rule that has stored no result yet and whose expression fails when it is evaluated by itself.
 *
 * @param evaluate rejects if an expression fails
 */
export async function tryNotStored(
	groups: readonly RuleGroup[],
	evaluate: (expression: string) => Promise<void>,
): Promise<string[]> {
	const unstored = groups.flatMap((group) =>
		group.rules
			.filter((rule) => whyNotStored(group, rule))
			.map((rule) => ({ group, rule })),
	);
	const tried = await pLimit(4).map(unstored, ({ group, rule }) =>
		evaluate(rule.query).then(
			() => [],
			(error: unknown) => [
				`rule ${rule.name} of ${group.name} has stored nothing yet, and its expression fails: ${messageOf(error)}`,
			],
		),
	);
	return tried.flat();
}

/** The PrometheusRules of which a group is not loaded. */
export function listUnloaded(
	wanted: readonly PrometheusRule[],
	loaded: readonly RuleGroup[],
): PrometheusRule[] {
	return wanted.filter((rule) =>
		groupsOf(rule).some(({ name }) => !findGroup(rule, name, loaded)),
	);
}

/** What is wrong with the groups of all PrometheusRules, a sentence each. @param namespace that of Prometheus */
export async function explainRuleProblems(
	kube: KubeClient,
	namespace: string,
	loaded: readonly RuleGroup[],
): Promise<string[]> {
	const wanted = await listPrometheusRules(kube);
	const unloaded = listUnloaded(wanted, loaded);
	if (unloaded.length === 0) return findRuleProblems(wanted, loaded);
	const selection = await readObjectSelection(kube, namespace);
	const explain = async (rule: PrometheusRule) => {
		const { metadata } = rule;
		const flaw = findSyntaxError(rule);
		const object = { kind: "PrometheusRule", metadata, flaw } as const;
		return [rule, await explainNotLoaded(kube, object, selection)] as const;
	};
	const causes = new Map(await Promise.all(unloaded.map(explain)));
	return findRuleProblems(wanted, loaded, causes);
}

/**
 * A sentence for each group that is not loaded completely, and each rule whose health is not ok, except for those that
 * could not store their result for a good reason.
 *
 * @param causes why a PrometheusRule may not be loaded, as clauses
 */
export function findRuleProblems(
	wanted: readonly PrometheusRule[],
	loaded: readonly RuleGroup[],
	causes: ReadonlyMap<PrometheusRule, string> = new Map(),
): string[] {
	return [
		...wanted.flatMap((each) =>
			findMissingGroups(each, loaded, causes.get(each)),
		),
		...loaded.flatMap((group) =>
			group.rules
				.filter((rule) => rule.health !== "ok" && !whyNotStored(group, rule))
				.map((rule) => `rule ${rule.name} of ${group.name}: ${describe(rule)}`),
		),
	];
}

/** The public chart leaves a group without rules when all of them are switched off. */
function groupsOf({ spec }: PrometheusRule) {
	return spec.groups.filter(({ rules }) => rules.length > 0);
}

function findMissingGroups(
	rule: PrometheusRule,
	loaded: readonly RuleGroup[],
	cause: string | undefined,
): string[] {
	const { namespace, name } = rule.metadata;
	return groupsOf(rule).flatMap((group) => {
		const what = `group ${group.name} of PrometheusRule ${namespace}/${name}`;
		const found = findGroup(rule, group.name, loaded);
		if (!found) return [`${what} is not loaded${cause ? `: ${cause}` : ""}`];
		return found.rules.length === group.rules.length
			? []
			: [
					`${what} has ${group.rules.length} rules, but ${found.rules.length} are loaded`,
				];
	});
}

function findGroup(
	{ metadata: { namespace, name, uid } }: PrometheusRule,
	group: string,
	loaded: readonly RuleGroup[],
): RuleGroup | undefined {
	// Before v0.62 the operator did not put the UID into the file's name.
	const files = [
		`/${namespace}-${name}-${uid}.yaml`,
		`/${namespace}-${name}.yaml`,
	];
	return loaded.find(
		(each) =>
			each.name === group && files.some((ending) => each.file.endsWith(ending)),
	);
}

/** The first rule whose expression does not parse, as a clause. One is enough for the operator to refuse them all. */
export function findSyntaxError({ spec }: PrometheusRule): string | undefined {
	for (const { rules } of spec.groups)
		for (const { record, alert, expr = "" } of rules) {
			const error = syntaxErrorIn(expr);
			if (error)
				return `the operator refuses it: in the expression of ${record ?? alert}, ${error}: ${expr}`;
		}
	return undefined;
}

function describe({ health, lastError }: Rule): string {
	return health === "unknown"
		? "not evaluated yet"
		: `health ${health}: ${lastError}`;
}
