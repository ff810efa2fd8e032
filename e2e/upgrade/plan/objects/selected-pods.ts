import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { asObject, at, show } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { type Pods, podsBehind, podsOf } from "../targets/discovered.ts";
import { behindServicePort, declaringPort } from "../targets/ports.ts";

/** Services that lead nowhere any more, and policies that no longer apply to pods that are still there. */
export function compareSelectedPods(a: Side, b: Side): Reason[] {
	const before = podsOf(a);
	const after = podsOf(b);
	return [
		...pair(a, b, "Service").both.flatMap(([old, now]) =>
			compareService(old, now, podsBehind(old, before), podsBehind(now, after)),
		),
		...pair(a, b, "NetworkPolicy", "PodDisruptionBudget").both.flatMap(
			([old, now]) =>
				policies.flatMap(({ kind, field, says, find }) => {
					if (now.kind !== kind) return [];
					const kept = new Set(find(now, after).map(workloadOf));
					const lost = find(old, before)
						.map(workloadOf)
						.filter((name) => !kept.has(name) && exists(name, after));
					return lost.length === 0
						? []
						: [
								makeReason(
									"object-changed",
									`${nameOf(now)} ${field}`,
									`${nameOf(now)} ${says} ${lost.join(", ")}: the labels of its pods no longer match.`,
								),
							];
				}),
		),
	];
}

function compareService(
	old: Manifest,
	now: Manifest,
	before: readonly Pods[],
	after: readonly Pods[],
): Reason[] {
	if (before.length > 0 && after.length === 0)
		return [
			makeReason(
				"object-changed",
				`${nameOf(now)} spec.selector`,
				`${nameOf(now)} leads to no pods any more: none has the labels ${show(at(now, "spec.selector"))}. It led to ${before.map(workloadOf).join(", ")}.`,
			),
		];
	const leadsSomewhere = (port: unknown, pods: readonly Pods[]) =>
		pods.some((each) => behindServicePort(port, each));
	return listAt(now, "spec", "ports").flatMap((port) => {
		const same = listAt(old, "spec", "ports").find(
			(each) => at(each, "name") === at(port, "name"),
		);
		const isLost =
			same !== undefined &&
			((leadsSomewhere(same, before) && !leadsSomewhere(port, after)) ||
				isMovedAway(port, before, after));
		const name = String(at(port, "name") ?? at(port, "port"));
		return isLost && after.length > 0
			? [
					makeReason(
						"object-changed",
						`${nameOf(now)} spec.ports[${name}]`,
						`The port ${name} of ${nameOf(now)} leads nowhere any more: no container behind it has the port ${String(at(port, "targetPort") ?? at(port, "port"))}.`,
					),
				]
			: [];
	});
}

/** Whether the containers declared the number that a port leads to, and now declare others instead. */
function isMovedAway(
	port: unknown,
	before: readonly Pods[],
	after: readonly Pods[],
): boolean {
	const number = at(port, "targetPort") ?? at(port, "port");
	const declares = (pods: readonly Pods[]) =>
		pods.some((each) => declaringPort(number, each).length > 0);
	const numbers = (pods: readonly Pods[]) =>
		pods.flatMap(({ containers }) =>
			containers.flatMap((each) =>
				listAt(each, "ports").map((own) => at(own, "containerPort")),
			),
		);
	const known = new Set(numbers(before));
	return (
		declares(before) &&
		!declares(after) &&
		numbers(after).some((each) => !known.has(each))
	);
}

interface Policy {
	readonly kind: string;
	readonly field: string;
	/** What it does not do any more, before the names of workloads. */
	readonly says: string;
	/** The pods that it is about. */
	readonly find: (policy: Manifest, pods: readonly Pods[]) => Pods[];
}

const policies: readonly Policy[] = [
	{
		kind: "PodDisruptionBudget",
		field: "spec.selector",
		says: "no longer protects",
		find: (policy, pods) => selected(policy, at(policy, "spec.selector"), pods),
	},
	{
		kind: "NetworkPolicy",
		field: "spec.podSelector",
		says: "no longer applies to",
		find: (policy, pods) =>
			selected(policy, at(policy, "spec.podSelector"), pods),
	},
	{
		kind: "NetworkPolicy",
		field: "spec.ingress",
		says: "no longer lets in",
		find: (policy, pods) => peers(policy, "ingress", "from", pods),
	},
	{
		kind: "NetworkPolicy",
		field: "spec.egress",
		says: "no longer lets out to",
		find: (policy, pods) => peers(policy, "egress", "to", pods),
	},
];

function selected(
	policy: Manifest,
	value: unknown,
	pods: readonly Pods[],
): Pods[] {
	const selector = labelSelector.safeParse(value);
	if (!selector.success || value === undefined) return [];
	return pods.filter(
		({ workload, labels }) =>
			workload.metadata.namespace === policy.metadata.namespace &&
			selects(selector.data, labels),
	);
}

/** The pods of its own namespace that a policy names; whose namespaces it selects is not in the chart. */
function peers(
	policy: Manifest,
	field: string,
	direction: string,
	pods: readonly Pods[],
): Pods[] {
	const rules = listAt(policy, "spec", field);
	if (rules.some((rule) => listAt(rule, direction).length === 0))
		return rules.length === 0 ? [] : [...pods];
	return rules.flatMap((rule) =>
		listAt(rule, direction).flatMap((peer) =>
			"namespaceSelector" in asObject(peer)
				? []
				: selected(policy, at(peer, "podSelector"), pods),
		),
	);
}

function workloadOf({ workload }: Pods): string {
	return nameOf(workload);
}

function exists(name: string, pods: readonly Pods[]): boolean {
	return pods.some((each) => workloadOf(each) === name);
}
