import type { Pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { IrreversibleFault } from "../../common/fault.ts";

/**
 * Pods are deleted; whether others take their place is up to their controllers.
 *
 * @param force kills their processes at once, instead of waiting until they have stopped
 */
export function makePodDeletion(
	kube: KubeClient,
	pods: readonly Pod[],
	{ force = false } = {},
): IrreversibleFault {
	const names = pods.map(({ metadata }) => metadata.name).join(", ");
	return {
		name: `deletion${force ? " by force" : ""} of ${names}`,
		inflict: () => kube.delete(pods, force ? { gracePeriodSeconds: 0 } : {}),
	};
}
