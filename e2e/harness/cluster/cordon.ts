import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Fault, makeFault } from "../../common/fault.ts";

/** No pod finds a place on a node; those that run there stay. */
export function makeCordon(kube: KubeClient, node: string): Fault {
	const setSchedulable = (wanted: boolean) =>
		kube.apply([
			{
				apiVersion: "v1",
				kind: "Node",
				metadata: { name: node },
				spec: { unschedulable: !wanted },
			},
		]);
	return makeFault(
		`node ${node} is cordoned`,
		() => setSchedulable(false),
		() => setSchedulable(true),
	);
}
