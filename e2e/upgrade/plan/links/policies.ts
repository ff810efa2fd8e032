import { pick, uniqBy } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { asObject, at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import type { Pods } from "../targets/discovered.ts";
import { exists, isPortLost, nameOfPods } from "./moved-pods.ts";

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
		find: (policy, pods) =>
			podsOfPolicy(policy, at(policy, "spec.selector"), pods),
	},
	{
		kind: "NetworkPolicy",
		field: "spec.podSelector",
		says: "no longer applies to",
		find: (policy, pods) =>
			podsOfPolicy(policy, at(policy, "spec.podSelector"), pods),
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

/** Policies that no longer apply to pods that are still there, or no longer let in what comes to a port of theirs. */
export function comparePolicies(
	a: Side,
	b: Side,
	before: readonly Pods[],
	after: readonly Pods[],
): Reason[] {
	return pair(a, b, "NetworkPolicy", "PodDisruptionBudget").both.flatMap(
		([old, now]) => [
			...policies.flatMap(({ kind, field, says, find }) => {
				if (now.kind !== kind) return [];
				const kept = new Set(find(now, after).map(nameOfPods));
				const lost = find(old, before)
					.map(nameOfPods)
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
			...comparePorts(old, now, before, after),
		],
	);
}

/** Ports that a NetworkPolicy lets traffic come to, and that its pods have under another name or number now. */
function comparePorts(
	old: Manifest,
	now: Manifest,
	before: readonly Pods[],
	after: readonly Pods[],
): Reason[] {
	if (now.kind !== "NetworkPolicy") return [];
	const selector = at(now, "spec.podSelector");
	const newer = podsOfPolicy(now, selector, after);
	const older = podsOfPolicy(old, at(old, "spec.podSelector"), before).filter(
		(each) => exists(nameOfPods(each), newer),
	);
	const ports = listAt(now, "spec", "ingress").flatMap((rule) =>
		listAt(rule, "ports"),
	);
	return uniqBy(
		ports.filter((port) => isPortLost(at(port, "port"), older, newer)),
		(port) => at(port, "port"),
	).map((port) => {
		const name = String(at(port, "port"));
		const own = newer.flatMap(({ containers }) =>
			containers.flatMap((each) => listAt(each, "ports")),
		);
		return makeReason(
			"object-changed",
			`${nameOf(now)} spec.ingress ${name}`,
			`${nameOf(now)} lets traffic come to the port ${name}, which ${[...new Set(newer.map(nameOfPods))].join(", ")} no longer has. It has ${own.map((each) => `${String(at(each, "name") ?? "")} ${String(at(each, "containerPort"))}`.trim()).join(", ")}.`,
			{ wayOut: "Name the new port in the policy." },
		);
	});
}

function podsOfPolicy(
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

/**
 * The pods that a policy names. Of a namespace only its name is known; any other label of it is taken to match, because
 * an upgrade does not change it.
 */
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
		listAt(rule, direction).flatMap((peer) => podsOfPeer(policy, peer, pods)),
	);
}

const nameOfNamespace = "kubernetes.io/metadata.name";

function podsOfPeer(
	policy: Manifest,
	peer: unknown,
	pods: readonly Pods[],
): Pods[] {
	const { namespaceSelector, podSelector } = asObject(peer);
	if (namespaceSelector === undefined)
		return podsOfPolicy(policy, podSelector, pods);
	const namespaces = labelSelector.safeParse(namespaceSelector);
	const own = labelSelector.safeParse(podSelector ?? {});
	if (!namespaces.success || !own.success) return [];
	const { matchLabels, matchExpressions } = namespaces.data;
	const byName = {
		matchLabels: pick(matchLabels, [nameOfNamespace]),
		matchExpressions: matchExpressions.filter(
			({ key }) => key === nameOfNamespace,
		),
	};
	return pods.filter(
		({ workload: { metadata }, labels }) =>
			selects(byName, { [nameOfNamespace]: metadata.namespace ?? "" }) &&
			selects(own.data, labels),
	);
}
