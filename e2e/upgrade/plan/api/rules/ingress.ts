import { isIP } from "node:net";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { listAt, textsAt } from "../../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../../charts/fields.ts";
import {
	isDnsLabel,
	isPortName,
	isPortNumber,
	isSet,
	isSubdomain,
} from "./names.ts";

/** What the API server says against an Ingress. */
export function ingressProblems(object: Manifest): string[] {
	const { kind, apiVersion } = object;
	if (kind !== "Ingress" || apiVersion !== "networking.k8s.io/v1") return [];
	const rules = listAt(object, "spec", "rules");
	const usual = at(object, "spec.defaultBackend");
	return [
		...(rules.length === 0 && !isSet(usual)
			? ["spec has neither rules nor a defaultBackend"]
			: []),
		...(isSet(usual) ? backendProblems(usual, "spec.defaultBackend") : []),
		...rules.flatMap((rule) => [
			...hostProblems(textAt(rule, "host")),
			...listAt(rule, "http", "paths").flatMap(pathProblems),
		]),
		...listAt(object, "spec", "tls").flatMap((each) =>
			textsAt(each, "hosts").flatMap(hostProblems),
		),
	];
}

function hostProblems(host: string): string[] {
	if (host === "") return [];
	if (isIP(host)) return [`the host ${host} is an address, and must be a name`];
	return isSubdomain(host.replace(/^\*\./, ""))
		? []
		: [
				`the host "${host}" must be a DNS name of lower-case letters, digits, - and ., without a scheme, a port or a path`,
			];
}

function pathProblems(each: unknown): string[] {
	const path = textAt(each, "path");
	const type = textAt(each, "pathType");
	const isFree = type === "ImplementationSpecific";
	const isMissing = path === "" && ["Exact", "Prefix"].includes(type);
	const isRelative = path !== "" && !path.startsWith("/");
	const hasOddParts = !isFree && /\/\/|\/\.\.?\/|%2f|%2F|\/\.\.?$/.test(path);
	return [
		...(isMissing || isRelative
			? [`the path "${path}" must begin with /`]
			: []),
		...(hasOddParts
			? [`the path "${path}" may not have //, /./, /../ or %2f in it`]
			: []),
		...backendProblems(at(each, "backend"), `the backend of "${path}"`),
	];
}

function backendProblems(backend: unknown, place: string): string[] {
	const service = at(backend, "service");
	const resource = at(backend, "resource");
	if (isSet(service) === isSet(resource))
		return [`${place} needs a service or a resource, and not both`];
	if (!isSet(service)) return [];
	const name = textAt(service, "name");
	const portName = at(service, "port.name");
	const number = at(service, "port.number");
	const hasName = isSet(portName) && portName !== "";
	const hasNumber = isSet(number) && number !== 0;
	return [
		...(isDnsLabel(name)
			? []
			: [`${place}: "${name}" is no name of a Service`]),
		...(hasName === hasNumber
			? [`${place} needs a port's name or its number, and not both`]
			: []),
		...(hasName && !isPortName(String(portName))
			? [`${place}: "${String(portName)}" is no name of a port`]
			: []),
		...(hasNumber && !isPortNumber(number)
			? [`${place}: ${String(number)} is no port`]
			: []),
	];
}
