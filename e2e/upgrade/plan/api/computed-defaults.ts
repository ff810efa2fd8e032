import { cloneDeepWith, isPlainObject } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { parseImageReference } from "../../../harness/images/reference.ts";
import { asObject, at } from "../charts/fields.ts";
import { type Pods, podsBehind, podsOf } from "../targets/discovered.ts";

/** Objects with what the API server computes from other fields in one form: pull policies, and ports by their numbers. */
export function withoutComputedDefaults(
	objects: readonly Manifest[],
): Manifest[] {
	const pods = podsOf({ objects });
	return objects.map((each) => {
		if (
			podSpecOf(each) !== undefined ||
			/^monitoring\.coreos\.com\//.test(each.apiVersion)
		)
			return withPlainContainers(each);
		if (each.kind === "Service") return withNumberedPorts(each, pods);
		return each;
	});
}

function podSpecOf(object: Manifest): unknown {
	return at(object, "spec.template.spec");
}

function withPlainContainers(object: Manifest): Manifest {
	return cloneDeepWith(object, (value: unknown) => {
		if (!isPlainObject(value) || typeof value.image !== "string")
			return undefined;
		const { imagePullPolicy, ...container } = value;
		const { tag, digest } = parseImageReference(value.image);
		const usual = tag === "latest" && !digest ? "Always" : "IfNotPresent";
		return {
			...cloneDeepWith(container, (part: unknown, key) =>
				(key === "httpGet" || key === "tcpSocket") && isPlainObject(part)
					? { ...part, port: numberOf(part.port, [container]) }
					: undefined,
			),
			...(imagePullPolicy !== undefined &&
				imagePullPolicy !== "" &&
				imagePullPolicy !== usual && { imagePullPolicy }),
		};
	});
}

function withNumberedPorts(service: Manifest, pods: readonly Pods[]): Manifest {
	const containers = podsBehind(service, pods).flatMap(
		(each) => each.containers,
	);
	const ports = at(service, "spec.ports");
	if (!Array.isArray(ports)) return service;
	return {
		...service,
		spec: {
			...asObject(service.spec),
			ports: ports.map((each: unknown) => {
				const { targetPort, ...port } = asObject(each);
				const target = numberOf(targetPort ?? port.port, containers);
				// Without one, a Service's port is also that of its pods.
				return target === port.port ? port : { ...port, targetPort: target };
			}),
		},
	};
}

/** A port's number, if one of these containers declares its name; otherwise as it is. */
function numberOf(port: unknown, containers: readonly unknown[]): unknown {
	const numbers = containers.flatMap((container) => {
		const ports = at(container, "ports");
		return (Array.isArray(ports) ? ports : [])
			.filter((each) => at(each, "name") === port)
			.map((each) => at(each, "containerPort"));
	});
	return numbers[0] ?? port;
}
