import type { KubeClient } from "../clients/kubernetes.ts";
import { type Fault, makeFault } from "../common/fault.ts";
import { setSchedulable } from "../harness/cluster/schedulable.ts";

/** A node is cordoned: it takes no new pods. */
export function makeCordon(kube: KubeClient, node: string): Fault {
	return makeFault(
		`node ${node} is cordoned`,
		() => setSchedulable(kube, node, false),
		() => setSchedulable(kube, node, true),
	);
}
