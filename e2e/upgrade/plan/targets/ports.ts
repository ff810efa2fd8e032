import { listAt } from "../../../common/parsing/yaml-map.ts";
import { at } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import type { Pods } from "./discovered.ts";

/** Pods as they answer at a port of a Service; undefined if that leads to a name that none of their containers has. */
export function behindServicePort(port: unknown, pods: Pods): Pods | undefined {
	return behindPort(at(port, "targetPort") ?? at(port, "port"), pods);
}

/** Pods as they answer at one of their ports; undefined if none of their containers declares its name. */
export function behindPort(port: unknown, pods: Pods): Pods | undefined {
	const own = declaringPort(port, pods);
	// A number leads there even if no container declares it.
	if (own.length === 0)
		return /^\d+$/.test(String(port ?? "")) && !isLocal(pods)
			? pods
			: undefined;
	// A chart may put a proxy in front of an exporter; of the operator's pods it is known which container has which metrics.
	return operatorWorkloads.includes(pods.workload.kind)
		? { ...pods, containers: own }
		: pods;
}

/** Whether the operator lets the pods listen for themselves only. */
function isLocal({ workload }: Pods): boolean {
	return (
		operatorWorkloads.includes(workload.kind) &&
		at(workload, "spec.listenLocal") === true
	);
}

/** The containers that declare a port, by its name or number. */
export function declaringPort(port: unknown, { containers }: Pods): unknown[] {
	return containers.filter((each) =>
		listAt(each, "ports").some(
			(own) => at(own, "name") === port || at(own, "containerPort") === port,
		),
	);
}
