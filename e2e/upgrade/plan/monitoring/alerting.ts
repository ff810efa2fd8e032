import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/** Where Prometheus sends alerts. */
export function compareAlerting(a: Side, b: Side): Reason[] {
	return pair(a, b, "Prometheus").both.flatMap(([old, now]) => {
		const before = reachable(a, old);
		const after = reachable(b, now);
		const gone = before.filter((each) => !after.includes(each));
		if (gone.length === 0 || after.length >= before.length) return [];
		return [
			makeReason(
				"alerting-lost",
				nameOf(now),
				after.length === 0
					? `${nameOf(now)} has nowhere to send alerts: ${gone.join(", ")} is gone.`
					: `${nameOf(now)} sends alerts only to ${after.join(", ")}, and no longer to ${gone.join(", ")}.`,
			),
		];
	});
}

/** The Alertmanagers that Prometheus sends to: those of this chart that exist, and all in other namespaces. */
function reachable(side: Side, prometheus: Manifest): string[] {
	const endpoints = at(prometheus, "spec.alerting.alertmanagers");
	const own = new Set(
		objectsOf(side, "Service").map(({ metadata }) => metadata.name),
	);
	return (Array.isArray(endpoints) ? endpoints : []).flatMap((each) => {
		const name = String(at(each, "name"));
		const namespace = at(each, "namespace") ?? prometheus.metadata.namespace;
		const isForeign = namespace !== prometheus.metadata.namespace;
		return isForeign || own.has(name) || name === "alertmanager-operated"
			? [name]
			: [];
	});
}
