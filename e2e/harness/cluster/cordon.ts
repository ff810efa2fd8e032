import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Fault, makeFault } from "../../common/fault.ts";

/** No pod finds a place on these nodes; those that run there stay. */
export function makeCordon(
	kube: KubeClient,
	...nodes: readonly string[]
): Fault {
	const names = [...new Set(nodes)];
	const setSchedulable = (wanted: boolean) =>
		kube.apply(
			names.map((name) => ({
				apiVersion: "v1",
				kind: "Node",
				metadata: { name },
				spec: { unschedulable: !wanted },
			})),
		);
	return makeFault(
		`cordon of ${names.join(" and ")}`,
		() => setSchedulable(false),
		() => setSchedulable(true),
	);
}
