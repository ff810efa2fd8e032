import type { Manifest } from "../../../../clients/kube-objects.ts";
import { listAt, textsAt } from "../../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../../charts/fields.ts";
import { isSet, portErrors } from "./names.ts";
import { isRange } from "./service.ts";

/** What the API server says against a NetworkPolicy. */
export function networkPolicyProblems(object: Manifest): string[] {
	const { kind, apiVersion } = object;
	if (kind !== "NetworkPolicy" || apiVersion !== "networking.k8s.io/v1")
		return [];
	return (
		[
			["ingress", "from"],
			["egress", "to"],
		] as const
	).flatMap(([field, direction]) =>
		listAt(object, "spec", field).flatMap((rule) => [
			...listAt(rule, "ports").flatMap((port) =>
				rangeErrors(port, `spec.${field}.ports`),
			),
			...listAt(rule, direction).flatMap((peer) =>
				peerErrors(peer, `spec.${field}.${direction}`),
			),
		]),
	);
}

function rangeErrors(range: unknown, place: string): string[] {
	const first = at(range, "port");
	const last = at(range, "endPort");
	if (!isSet(last)) return portErrors(first, `${place}.port`);
	return typeof first === "number" && Number(last) >= first
		? []
		: [
				`${place}: the endPort ${String(last)} must be at least the port ${String(first)}, which must be a number`,
			];
}

function peerErrors(peer: unknown, place: string): string[] {
	const block = at(peer, "ipBlock");
	const selectors = ["podSelector", "namespaceSelector"].filter((field) =>
		isSet(at(peer, field)),
	);
	if (!isSet(block))
		return selectors.length === 0 ? [`${place} has an empty peer`] : [];
	return [
		...(selectors.length > 0
			? [`${place} has an ipBlock and a ${selectors[0]} in one peer`]
			: []),
		...[textAt(block, "cidr"), ...textsAt(block, "except")]
			.filter((each) => !isRange(each))
			.map(
				(each) => `${place}: ${each} is no range of addresses as 10.0.0.0/8`,
			),
	];
}
