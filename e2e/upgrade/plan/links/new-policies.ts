import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { listAt, textsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { type Pods, podsOf } from "../targets/discovered.ts";
import { exists, nameOfPods } from "./moved-pods.ts";

/** NetworkPolicies that are new and apply to pods that none applied to: what they do not let in stays out. */
export function compareNewPolicies(a: Side, b: Side): Reason[] {
	const before = podsOf(a);
	const after = podsOf(b);
	const kind = "NetworkPolicy";
	const known = objectsOf(a, kind).flatMap((each) =>
		podsWith(each.metadata.namespace, at(each, "spec.podSelector"), before),
	);
	return pair(a, b, kind)
		.added.filter(closes)
		.flatMap((policy) => {
			const closed = podsWith(
				policy.metadata.namespace,
				at(policy, "spec.podSelector"),
				after,
			)
				.map(nameOfPods)
				.filter((name) => exists(name, before) && !exists(name, known));
			return closed.length === 0
				? []
				: [
						makeReason(
							"object-changed",
							`${nameOf(policy)} is new`,
							`${nameOf(policy)} is new and applies to ${[...new Set(closed)].join(", ")}: nothing else than what it names may come to those pods, or go out of them.`,
							{
								wayOut:
									"Check that it names whatever scrapes them, calls them, or is called by them.",
							},
						),
					];
		});
}

/** Whether a policy keeps anything out, or in: a rule without any condition allows all. */
function closes(policy: Manifest): boolean {
	const written = textsAt(policy, "spec", "policyTypes");
	const egress = listAt(policy, "spec", "egress");
	const types =
		written.length > 0
			? written
			: ["Ingress", ...(egress.length > 0 ? ["Egress"] : [])];
	const isOpen = (field: string) =>
		listAt(policy, "spec", field).some((rule) =>
			["from", "to", "ports"].every(
				(condition) => listAt(rule, condition).length === 0,
			),
		);
	return types.some((type) => !isOpen(type.toLowerCase()));
}

function podsWith(
	namespace: string | undefined,
	written: unknown,
	pods: readonly Pods[],
): Pods[] {
	const selector = labelSelector.safeParse(written ?? {});
	return pods.filter(
		({ workload, labels }) =>
			workload.metadata.namespace === namespace &&
			selector.success &&
			selects(selector.data, labels),
	);
}
