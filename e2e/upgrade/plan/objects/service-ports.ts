import { isEqual } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at } from "../charts/fields.ts";
import { type Pods, podsBehind } from "../targets/discovered.ts";

/** A Service and the pods of its side. */
interface ServiceOfSide {
	readonly service: Manifest;
	readonly pods: readonly Pods[];
}

/**
 * Two Services with ports by number where one names a port of the pods and the other has its number. What is written in
 * the same way stays as it is: a name follows the pods to another number.
 */
export function withComparablePorts(
	old: ServiceOfSide,
	now: ServiceOfSide,
): [Manifest, Manifest] {
	const before = readPorts(old);
	const after = readPorts(now);
	const isSame = (name: unknown) =>
		isEqual(before.get(name)?.written, after.get(name)?.written);
	return [
		withPorts(old.service, before, isSame),
		withPorts(now.service, after, isSame),
	];
}

interface Port {
	readonly written: unknown;
	readonly numbered: unknown;
}

/** By their names; a sole port may have none. */
function readPorts({ service, pods }: ServiceOfSide): Map<unknown, Port> {
	const containers = podsBehind(service, pods).flatMap(
		(each) => each.containers,
	);
	return new Map(
		listAt(service, "spec", "ports").map((each, i) => {
			const { targetPort, ...port } = asObject(each);
			const target = numberOf(targetPort ?? port.port, containers);
			return [
				port.name ?? i,
				{
					written: each,
					// Without one, a Service's port is also that of its pods.
					numbered:
						target === port.port ? port : { ...port, targetPort: target },
				},
			];
		}),
	);
}

function withPorts(
	service: Manifest,
	ports: ReadonlyMap<unknown, Port>,
	isSame: (name: unknown) => boolean,
): Manifest {
	if (ports.size === 0) return service;
	return {
		...service,
		spec: {
			...asObject(service.spec),
			ports: [...ports].map(([name, { written, numbered }]) =>
				isSame(name) ? written : numbered,
			),
		},
	};
}

/** A port's number, if one of these containers declares its name; otherwise as it is. */
export function numberOf(
	port: unknown,
	containers: readonly unknown[],
): unknown {
	const numbers = containers.flatMap((container) =>
		listAt(container, "ports")
			.filter((each) => at(each, "name") === port)
			.map((each) => at(each, "containerPort")),
	);
	return numbers[0] ?? port;
}
