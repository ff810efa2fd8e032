import { pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { type ReadFacts, whyUntrue } from "./truth.ts";

/**
 * Waits until a crashing pod's back-off is 80 s long, so that one of two scrapes finds it waiting. Up to 16 s pass after
 * a crash until the kubelet looks again and reports the pod as waiting. A scrape may fall into that time, but the next
 * one then comes before the back-off is over.
 *
 * @param read whether a scrape has found it waiting already: most find it in a shorter back-off, too
 */
export async function waitForLongBackOff(
	kube: KubeClient,
	namespace: string,
	name: string,
	read: () => Promise<ReadFacts>,
): Promise<void> {
	await eventually(
		`the back-off of pod ${name} is 80 s long`,
		budgets.rollout,
		async () => {
			const { measured, truth } = await read();
			if (!whyUntrue(measured, truth)) return;
			const { status } = await kube.get(
				{ apiVersion: "v1", kind: "Pod", namespace, name },
				pod,
			);
			const restarts = status.containerStatuses.map(
				({ restartCount }) => restartCount,
			);
			if (!restarts.some((count) => count > 3))
				return notYet(`it was restarted ${restarts[0]} times`);
		},
	);
}
