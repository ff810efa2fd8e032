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
		return before.length > 0 && after.length === 0
			? [
					makeReason(
						"alerting-lost",
						nameOf(now),
						`${nameOf(now)} has nowhere to send alerts: ${before.join(", ")} is gone.`,
					),
				]
			: [];
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
