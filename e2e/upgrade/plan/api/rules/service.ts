import { isIP } from "node:net";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { listAt, textsAt } from "../../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../../charts/fields.ts";
import { isDnsLabel, isPortNumber, isSet, portErrors, twice } from "./names.ts";

/** What the API server says against a Service. */
export function serviceProblems(object: Manifest): string[] {
	if (object.kind !== "Service" || object.apiVersion !== "v1") return [];
	const spec = object.spec;
	const type = textAt(spec, "type") || "ClusterIP";
	const clusterIp = textAt(spec, "clusterIP");
	const addresses = textsAt(spec, "externalIPs");
	const ranges = textsAt(spec, "loadBalancerSourceRanges");
	return [
		...portProblems(object),
		...(type === "ExternalName" && !textAt(spec, "externalName")
			? ["spec.externalName is missing, which a Service of this type needs"]
			: []),
		...(clusterIp === "None" && ["NodePort", "LoadBalancer"].includes(type)
			? [`spec.clusterIP may not be None for a Service of the type ${type}`]
			: []),
		...[clusterIp, ...addresses]
			.filter((each) => each && each !== "None" && !isIP(each))
			.map((each) => `spec: ${each} is no IP address`),
		...ranges
			.filter((each) => !isRange(each.trim()))
			.map((each) => `spec.loadBalancerSourceRanges: ${each} is no range`),
	];
}

/** Whether a text is a range of addresses, such as `10.0.0.0/8`. */
export function isRange(text: string): boolean {
	const [address = "", bits = "", ...rest] = text.split("/");
	const most = { 4: 32, 6: 128 }[isIP(address)];
	return (
		most !== undefined &&
		rest.length === 0 &&
		/^\d+$/.test(bits) &&
		Number(bits) <= most
	);
}

function portProblems(object: Manifest): string[] {
	const ports = listAt(object, "spec", "ports");
	const named = ports.map((each) => textAt(each, "name"));
	const withProtocol = (field: string) =>
		ports
			.filter((each) => isSet(at(each, field)))
			.map(
				(each) =>
					`${String(at(each, field))}/${textAt(each, "protocol") || "TCP"}`,
			);
	const needsNone =
		textAt(object, "spec.type") === "ExternalName" ||
		textAt(object, "spec.clusterIP") === "None";
	return [
		...(ports.length === 0 && !needsNone
			? ["spec.ports is empty, and a Service needs a port"]
			: []),
		...twice(named.filter(Boolean)).map(
			(name) => `two ports are called ${name}`,
		),
		...twice(withProtocol("port")).map(
			(port) => `the port ${port} is there twice`,
		),
		...twice(withProtocol("nodePort")).map(
			(port) => `the node port ${port} is there twice`,
		),
		...(ports.length > 1 && named.includes("")
			? ["with several ports, each needs a name"]
			: []),
		...named
			.filter((name) => name && !isDnsLabel(name))
			.map(
				(name) =>
					`the port's name "${name}" must be at most 63 lower-case letters, digits and -`,
			),
		...ports
			.map((each) => at(each, "port"))
			.filter((port) => !isPortNumber(port))
			.map((port) => `${String(port)} is no port`),
		...ports.flatMap((each) =>
			portErrors(at(each, "targetPort"), "spec.ports.targetPort"),
		),
		...ports
			.map((each) => at(each, "nodePort"))
			.filter((port) => isSet(port) && port !== 0 && !isUsualNodePort(port))
			.map(
				(port) =>
					`the node port ${String(port)} is not from 30000 to 32767, as it must be unless your cluster has another --service-node-port-range`,
			),
	];
}

function isUsualNodePort(port: unknown): boolean {
	return isPortNumber(port) && Number(port) >= 30000 && Number(port) <= 32767;
}
