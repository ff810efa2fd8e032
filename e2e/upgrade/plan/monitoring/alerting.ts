import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { describeDifference, differencesOf } from "../charts/differences.ts";
import { at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/** Where Prometheus sends alerts. */
export function compareAlerting(a: Side, b: Side): Reason[] {
	return pair(a, b, "Prometheus").both.flatMap(([old, now]) => {
		const before = reachable(a, old);
		const after = reachable(b, now);
		const gone = before.filter((each) => !after.includes(each));
		if (gone.length === 0 || after.length >= before.length)
			return compareWays(old, now);
		return [
			makeReason(
				"alerting-lost",
				nameOf(now),
				after.length === 0
					? `${nameOf(now)} has nowhere to send alerts: ${gone.join(", ")} is gone, or does not have the port that it names.`
					: `${nameOf(now)} sends alerts only to ${after.join(", ")}, and no longer to ${gone.join(", ")}.`,
			),
		];
	});
}

/** The Alertmanagers that Prometheus sends to: those of this chart that exist, and all in other namespaces. */
function reachable(side: Side, prometheus: Manifest): string[] {
	const endpoints = at(prometheus, "spec.alerting.alertmanagers");
	const services = objectsOf(side, "Service").filter(
		({ metadata }) => metadata.namespace === prometheus.metadata.namespace,
	);
	const isThere = (name: string, port: unknown) =>
		services.some(
			(each) =>
				each.metadata.name === name &&
				(port === undefined ||
					listAt(each, "spec", "ports").some((own) =>
						[at(own, "name"), at(own, "port"), at(own, "targetPort")].includes(
							port,
						),
					)),
		);
	return (Array.isArray(endpoints) ? endpoints : []).flatMap((each) => {
		const name = String(at(each, "name"));
		const namespace = at(each, "namespace") ?? prometheus.metadata.namespace;
		const isForeign = namespace !== prometheus.metadata.namespace;
		return isForeign ||
			isThere(name, at(each, "port")) ||
			name === "alertmanager-operated"
			? [name]
			: [];
	});
}

/** How the Alertmanagers are reached that it still sends to. */
function compareWays(old: Manifest, now: Manifest): Reason[] {
	const found = differencesOf(
		at(old, "spec.alerting"),
		at(now, "spec.alerting"),
		"alerting",
	).filter(
		({ path, from, to }) =>
			// Others are found by their names, and whether their ports are there.
			!/(\]|\.port)$/.test(path) && !(isUsual(path, from) && isUsual(path, to)),
	);
	return found.length === 0
		? []
		: [
				makeReason(
					"alerting-configuration-changed",
					`${nameOf(now)} alerting`,
					`${nameOf(now)} reaches Alertmanager in another way.`,
					{ evidence: found.map(describeDifference) },
				),
			];
}

/** What the operator takes anyway. */
function isUsual(path: string, value: unknown): boolean {
	return (
		value === undefined ||
		(/\.apiVersion$/.test(path) && /^v2$/i.test(String(value))) ||
		(/\.pathPrefix$/.test(path) && value === "/")
	);
}
