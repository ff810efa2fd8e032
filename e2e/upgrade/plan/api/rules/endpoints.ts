import { BlockList, isIP } from "node:net";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { listAt, textsAt } from "../../../../common/parsing/yaml-map.ts";
import { isPlaceholder } from "../../../../harness/chart/encryption.ts";
import { at, textAt } from "../../charts/fields.ts";
import { isPortNumber, isSet, isSubdomain } from "./names.ts";

/** What the API server says against Endpoints and EndpointSlices, which a chart or a person writes for what runs outside of pods. */
export function endpointsProblems(object: Manifest): string[] {
	if (object.kind === "Endpoints" && object.apiVersion === "v1")
		return listAt(object, "subsets").flatMap((subset) => [
			...["addresses", "notReadyAddresses"]
				.flatMap((field) => listAt(subset, field))
				.flatMap((each) => addressProblems(String(at(each, "ip") ?? ""))),
			...portProblems(listAt(subset, "ports")),
		]);
	if (
		object.kind === "EndpointSlice" &&
		object.apiVersion.startsWith("discovery.k8s.io/")
	) {
		const family = { IPv4: 4, IPv6: 6 }[textAt(object, "addressType")];
		return [
			...listAt(object, "endpoints")
				.flatMap((each) => textsAt(each, "addresses"))
				.flatMap((address) =>
					family === undefined
						? nameProblems(address)
						: addressProblems(address, family),
				),
			...portProblems(listAt(object, "ports")),
		];
	}
	return [];
}

/** @param family of an EndpointSlice, 4 or 6 */
function addressProblems(address: string, family?: number): string[] {
	if (isPlaceholder(address)) return [];
	const found = isIP(address);
	if (found === 0)
		return [
			`"${address}" is no IP address, as each of its addresses must be: a name is not looked up`,
		];
	if (family !== undefined && found !== family)
		return [`${address} is no address of the type IPv${family}`];
	const special = specialAddresses.find(({ list }) =>
		list.check(address, found === 4 ? "ipv4" : "ipv6"),
	);
	return special
		? [
				`${address} is ${special.what}, which leads to no other machine: name the address that a node has in your network`,
			]
		: [];
}

function nameProblems(address: string): string[] {
	return isSubdomain(address.replace(/\.$/, ""))
		? []
		: [`"${address}" is no DNS name`];
}

/** What an endpoint may not be; multicast beyond the link is not refused. */
const specialAddresses: readonly {
	readonly what: string;
	readonly list: BlockList;
}[] = [
	special("an unspecified address", ["0.0.0.0", 32], ["::", 128]),
	special("a loopback address", ["127.0.0.0", 8], ["::1", 128]),
	special("a link-local address", ["169.254.0.0", 16], ["fe80::", 10]),
	special("a link-local multicast address", ["224.0.0.0", 24], ["ff02::", 16]),
];

function special(
	what: string,
	ipv4: readonly [string, number],
	ipv6: readonly [string, number],
) {
	const list = new BlockList();
	list.addSubnet(...ipv4, "ipv4");
	list.addSubnet(...ipv6, "ipv6");
	return { what, list };
}

function portProblems(ports: readonly unknown[]): string[] {
	return ports
		.map((each) => at(each, "port"))
		.filter((port) => isSet(port) && !isPortNumber(port))
		.map((port) => `${String(port)} is no port`);
}
