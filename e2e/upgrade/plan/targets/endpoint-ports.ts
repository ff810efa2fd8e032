import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import { numberOf } from "../objects/service-ports.ts";
import { podsBehind, podsOf } from "./discovered.ts";
import { servicesOf } from "./service-monitors.ts";

/** The spec of a monitor whose endpoints name ports of its Services, where they name the port behind one instead. */
export function withServicePorts(monitor: Manifest, side: Side): unknown {
	const endpoints = at(monitor, "spec.endpoints");
	if (monitor.kind !== "ServiceMonitor" || !Array.isArray(endpoints))
		return monitor.spec;
	return {
		...asObject(monitor.spec),
		endpoints: endpoints.map((each: unknown) => {
			const { targetPort, ...endpoint } = asObject(each);
			if (targetPort === undefined || endpoint.port) return each;
			const names = servicesOf(side, monitor).map((service) =>
				nameOfPort(service, targetPort, side),
			);
			const [first] = names;
			return first !== undefined && names.every((name) => name === first)
				? { ...endpoint, port: first }
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
	const name = at(found, "name");
	return typeof name === "string" ? name : undefined;
}
