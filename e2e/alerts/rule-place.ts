import { z } from "zod";
import { kubeObject, monitoringV1 } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import {
	formatSelector,
	type LabelSelector,
	labelSelector,
	selects,
} from "../clients/label-selector.ts";
import { readOperatorArgs, whyUnwatched } from "../scraping/operator-watch.ts";

/** Where a PrometheusRule has to be, and how it has to be labelled, for Prometheus to take it. */
export interface RulePlace {
	readonly namespace: string;
	readonly labels: Readonly<Record<string, string>>;
}

/** Which PrometheusRules a Prometheus takes. */
export interface RuleSelection {
	/** Undefined: none. */
	readonly ruleSelector?: LabelSelector | undefined;
	/** Undefined: those of its own namespace. */
	readonly ruleNamespaceSelector?: LabelSelector | undefined;
	/** The arguments of the operator, which may watch some namespaces only. */
	readonly operatorArgs: readonly string[];
}

/** A namespace that a rule could be in. */
interface Candidate {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
}

/**
 * Chooses the first namespace from which Prometheus takes rules. A homelab may take them from some namespaces only, or
 * only those with a label: no promise says otherwise.
 *
 * @param own Prometheus' namespace
 * @throws Error if it takes them from none of these
 */
export function chooseRulePlace(
	{ ruleSelector, ruleNamespaceSelector, operatorArgs }: RuleSelection,
	own: string,
	candidates: readonly Candidate[],
): RulePlace {
	const refuse = (why: string) =>
		new Error(
			`"Alerts from Prometheus rules land here": Prometheus takes none of a test, because ${why}`,
		);
	if (!ruleSelector) throw refuse("it has no ruleSelector");
	const found = candidates.find(
		(each) =>
			whyUnwatched(operatorArgs, each.name) === undefined &&
			(ruleNamespaceSelector
				? selects(ruleNamespaceSelector, each.labels)
				: each.name === own),
	);
	if (!found) {
		const names = candidates.map(({ name }) => name).join(" and ");
		const selector = ruleNamespaceSelector
			? `the ruleNamespaceSelector ${formatSelector(ruleNamespaceSelector) || "{}"}`
			: "no ruleNamespaceSelector";
		const args = operatorArgs.filter((arg) => /namespaces=/.test(arg));
		throw refuse(
			`with ${selector}${args.length > 0 ? `, and ${args.join(" ")} of the operator,` : ""} it takes no rule from ${names}`,
		);
	}
	const labels = labelsFor(ruleSelector);
	if (!selects(ruleSelector, labels))
		throw refuse(
			`its ruleSelector ${formatSelector(ruleSelector)} selects nothing`,
		);
	return { namespace: found.name, labels };
}

/** Labels that a selector selects, if there are any. */
function labelsFor({
	matchLabels,
	matchExpressions,
}: LabelSelector): Record<string, string> {
	const wanted = matchExpressions.flatMap(({ key, operator, values }) =>
		operator === "In"
			? [[key, values[0] ?? ""] as const]
			: operator === "Exists"
				? [[key, "true"] as const]
				: [],
	);
	return { ...Object.fromEntries(wanted), ...matchLabels };
}

// A selector that is not there selects nothing, an empty one everything.
const selector = labelSelector.unwrap().optional();
/** The part of a Prometheus object that says which rules it takes. */
export const ruleSelection = z.looseObject({
	ruleSelector: selector,
	ruleNamespaceSelector: selector,
});
const prometheus = kubeObject.extend({ spec: ruleSelection });

/** @param namespaces in which a rule could be, in this order */
export async function readRulePlace(
	kube: KubeClient,
	own: string,
	namespaces: readonly string[],
): Promise<RulePlace> {
	const [stack] = await kube.list(
		{ apiVersion: monitoringV1, kind: "Prometheus", namespace: own },
		prometheus,
	);
	if (!stack) throw new Error(`there is no Prometheus in ${own}`);
	const candidates = await Promise.all(
		namespaces.map((name) =>
			kube.get({ apiVersion: "v1", kind: "Namespace", name }, kubeObject),
		),
	);
	return chooseRulePlace(
		{
			...stack.spec,
			operatorArgs: await readOperatorArgs(kube, own),
		},
		own,
		candidates.map(({ metadata }) => metadata),
	);
}
