import { nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { at } from "../charts/fields.ts";
import type { Pods } from "../targets/discovered.ts";
import { declaringPort } from "../targets/ports.ts";

/** Whether containers declared a port, by its name or number, and now declare others instead. */
export function isMovedAway(
	number: unknown,
	before: readonly Pods[],
	after: readonly Pods[],
): boolean {
	const declares = (pods: readonly Pods[]) =>
		pods.some((each) => declaringPort(number, each).length > 0);
	const numbers = (pods: readonly Pods[]) =>
		pods.flatMap(({ containers }) =>
			containers.flatMap((each) =>
				listAt(each, "ports").map((own) => at(own, "containerPort")),
			),
		);
	const known = new Set(numbers(before));
	return (
		declares(before) &&
		!declares(after) &&
		numbers(after).some((each) => !known.has(each))
	);
}

/** Whether nothing answers at a port any more that containers declared. A name that no container has leads nowhere. */
export function isPortLost(
	port: unknown,
	before: readonly Pods[],
	after: readonly Pods[],
): boolean {
	const declares = (pods: readonly Pods[]) =>
		pods.some((each) => declaringPort(port, each).length > 0);
	return typeof port === "string"
		? declares(before) && !declares(after) && after.length > 0
		: isMovedAway(port, before, after);
}

/** What starts these pods, for messages. */
export function nameOfPods({ workload }: Pods): string {
	return nameOf(workload);
}

/** Whether pods of this name are among others. */
export function exists(name: string, pods: readonly Pods[]): boolean {
	return pods.some((each) => nameOfPods(each) === name);
}
