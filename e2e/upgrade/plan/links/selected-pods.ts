import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, show } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { type Pods, podsBehind, podsOf } from "../targets/discovered.ts";
import { behindServicePort } from "../targets/ports.ts";
import { isMovedAway, nameOfPods } from "./moved-pods.ts";
import { comparePolicies } from "./policies.ts";

/** Services that lead nowhere any more, and policies that no longer apply to pods that are still there. */
export function compareSelectedPods(a: Side, b: Side): Reason[] {
	const before = podsOf(a);
	const after = podsOf(b);
	return [
		...pair(a, b, "Service").both.flatMap(([old, now]) =>
			compareService(old, now, podsBehind(old, before), podsBehind(now, after)),
		),
		...comparePolicies(a, b, before, after),
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
				`${nameOf(now)} leads to no pods any more: none has the labels ${show(at(now, "spec.selector"))}. It led to ${before.map(nameOfPods).join(", ")}.`,
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
				isMovedAway(at(port, "targetPort") ?? at(port, "port"), before, after));
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
