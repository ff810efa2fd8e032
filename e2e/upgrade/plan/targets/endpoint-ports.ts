import { isEqual, omit } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import { numberOf } from "../objects/service-ports.ts";
import { podsBehind, podsOf } from "./discovered.ts";
import { wantedPort } from "./make-target.ts";
import { podsOfMonitor } from "./pod-monitors.ts";
import { servicesOf } from "./service-monitors.ts";

/**
 * The spec of a monitor whose endpoints name ports: those of its Services where they name the port behind one instead,
 * and those of its pods where they have a number. Endpoints that are written in the same way on the other side stay.
 */
export function withNamedPorts(
	monitor: Manifest,
	side: Side,
	other: Manifest,
): unknown {
	switch (monitor.kind) {
		case "ServiceMonitor":
			return withPorts(monitor, other, "endpoints", (endpoint) => {
				const { targetPort, port } = asObject(endpoint);
				return targetPort === undefined || port
					? []
					: servicesOf(side, monitor).map((service) =>
							nameOfPort(service, targetPort, side),
						);
			});
		case "PodMonitor":
			return withPorts(monitor, other, "podMetricsEndpoints", (endpoint) => {
				const wanted = wantedPort(endpoint);
				return (podsOfMonitor(monitor, podsOf(side)) ?? []).map(
					({ containers }) => nameOfDeclared(wanted, containers),
				);
			});
		default:
			return monitor.spec;
	}
}

/** @param namesOf the names of the port that an endpoint asks for; it is one port if they are the same */
function withPorts(
	monitor: Manifest,
	other: Manifest,
	field: string,
	namesOf: (endpoint: unknown) => readonly (string | undefined)[],
): unknown {
	const endpoints = at(monitor, `spec.${field}`);
	if (!Array.isArray(endpoints)) return monitor.spec;
	const same = listAt(other, "spec", field);
	return {
		...asObject(monitor.spec),
		[field]: endpoints.map((each: unknown) => {
			if (same.some((one) => isEqual(one, each))) return each;
			const [first, ...others] = namesOf(each);
			return first !== undefined && others.every((name) => name === first)
				? {
						...omit(asObject(each), ["portNumber", "targetPort"]),
						port: first,
					}
				: each;
		}),
	};
}

/** The name of the Service's port that leads to a port of its pods. */
function nameOfPort(
	service: Manifest,
	wanted: unknown,
	side: Side,
): string | undefined {
	const containers = podsBehind(service, podsOf(side)).flatMap(
		(each) => each.containers,
	);
	const found = listAt(service, "spec", "ports").find(
		(port) =>
			numberOf(at(port, "targetPort") ?? at(port, "port"), containers) ===
			numberOf(wanted, containers),
	);
	return nameIn(found);
}

/** The name of a container's port that is asked for by its name or number. */
function nameOfDeclared(
	wanted: unknown,
	containers: readonly unknown[],
): string | undefined {
	return nameIn(
		containers
			.flatMap((each) => listAt(each, "ports"))
			.find((port) =>
				[at(port, "name"), at(port, "containerPort")].includes(wanted),
			),
	);
}

function nameIn(port: unknown): string | undefined {
	const name = at(port, "name");
	return typeof name === "string" ? name : undefined;
}
