import { cloneDeepWith, uniqBy } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { type Backend, type Link, linkedByAddress } from "./addresses.ts";

const kindsOfRoutes = [
	"Ingress",
	"HTTPRoute",
	"GRPCRoute",
	"TCPRoute",
	"TLSRoute",
	"IngressRoute",
	"IngressRouteTCP",
];

/** Ingresses, routes and datasources that lead to a Service's port that is not there any more. */
export function compareBackends(a: Side, b: Side): Reason[] {
	const before = linksOf(a);
	const lost = linksOf(b).filter(({ owner, backend }) => {
		const wasLost = before.some(
			(each) =>
				each.owner === owner &&
				isSame(each.backend, backend) &&
				leadsNowhere(backend, a),
		);
		const isOfChart = serviceOf(backend, a) ?? serviceOf(backend, b);
		return isOfChart && leadsNowhere(backend, b) && !wasLost;
	});
	const keyOfLink = ({ owner, backend }: Link) =>
		`${owner} ${describe(backend)}`;
	return uniqBy(lost, keyOfLink).map((link) => {
		const { owner, backend } = link;
		const service = serviceOf(backend, b);
		return makeReason(
			"backend-gone",
			keyOfLink(link),
			service
				? `${owner} leads nowhere any more: ${nameOf(service)} has no port ${String(backend.port)}, only ${portsOf(service).map(describePort).join(", ")}.`
				: `${owner} leads nowhere any more: there is no Service ${backend.service}.`,
			service ? {} : { wayOut: "Name the Service in it that is there now." },
		);
	});
}

function linksOf(side: Side): Link[] {
	return [
		...objectsOf(side, ...kindsOfRoutes).flatMap((each) =>
			backendsOf(each).map((backend) => ({ owner: nameOf(each), backend })),
		),
		...linkedByAddress(side),
	];
}

function isSame(one: Backend, other: Backend): boolean {
	return describe(one) === describe(other);
}

function describe({ service, namespace, port }: Backend): string {
	return `${namespace}/${service}:${String(port ?? "")}`;
}

function describePort(port: unknown): string {
	const name = textAt(port, "name");
	const number = String(at(port, "port"));
	return name ? `${name} (${number})` : number;
}

function serviceOf(
	{ service, namespace }: Backend,
	side: Side,
): Manifest | undefined {
	return objectsOf(side, "Service").find(
		({ metadata }) =>
			metadata.name === service && metadata.namespace === namespace,
	);
}

function leadsNowhere(backend: Backend, side: Side): boolean {
	const service = serviceOf(backend, side);
	if (!service) return true;
	return (
		backend.port !== undefined &&
		at(service, "spec.type") !== "ExternalName" &&
		!portsOf(service).some((each) =>
			[at(each, "name"), at(each, "port")].includes(backend.port),
		)
	);
}

function portsOf(service: Manifest): readonly unknown[] {
	return listAt(service, "spec", "ports");
}

function backendsOf(object: Manifest): Backend[] {
	const own = object.metadata.namespace;
	const found: Backend[] = [];
	const add = (each: unknown, port: unknown) => {
		const service = textAt(each, "name");
		const kind = textAt(each, "kind") || "Service";
		// Traefik's own services have names such as api@internal.
		if (service !== "" && kind === "Service" && !service.includes("@"))
			found.push({
				service,
				namespace: textAt(each, "namespace") || own,
				port,
			});
	};
	const rules = listAt(object, "spec", "rules");
	if (object.kind === "Ingress")
		for (const backend of [
			at(object, "spec.defaultBackend"),
			...rules
				.flatMap((rule) => listAt(rule, "http", "paths"))
				.map((path) => at(path, "backend")),
		]) {
			const service = at(backend, "service");
			add(service, at(service, "port.name") ?? at(service, "port.number"));
		}
	else
		for (const each of [
			...rules.flatMap((rule) => listAt(rule, "backendRefs")),
			...listAt(object, "spec", "routes").flatMap((route) =>
				listAt(route, "services"),
			),
		])
			add(each, at(each, "port"));
	return found;
}

/** An Ingress and the side that it is of. */
interface IngressOfSide {
	readonly ingress: Manifest;
	readonly side: Side;
}

/**
 * Two Ingresses with ports by number where one names a port of a Service and the other has its number. What is written
 * in the same way stays as it is: a name follows the Service to another number.
 */
export function withComparableBackends(
	old: IngressOfSide,
	now: IngressOfSide,
): [Manifest, Manifest] {
	return [
		withNumbers(old, backendsOf(now.ingress)),
		withNumbers(now, backendsOf(old.ingress)),
	];
}

function withNumbers(
	{ ingress, side }: IngressOfSide,
	others: readonly Backend[],
): Manifest {
	const namespace = ingress.metadata.namespace;
	return cloneDeepWith(ingress, (value: unknown, key) => {
		const port = at(value, "port.name");
		if (key !== "service" || port === undefined) return undefined;
		const backend = { service: textAt(value, "name"), namespace, port };
		const service = serviceOf(backend, side);
		const number = at(
			service && portsOf(service).find((each) => at(each, "name") === port),
			"port",
		);
		return number === undefined || others.some((one) => isSame(one, backend))
			? undefined
			: { ...asObject(value), port: { number } };
	});
}
