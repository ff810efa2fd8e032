import { z } from "zod";
import { refOf } from "../../clients/api-server/object-ref.ts";
import { kubeObject, type Pod } from "../../clients/kube-objects.ts";
import type { KubeClient, ListOptions } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { type Fault, makeFault } from "../../common/fault.ts";

const scalable = kubeObject.extend({
	spec: z.looseObject({ replicas: z.number().default(1) }),
});

/** Objects with a field `spec.replicas`. */
export interface Scalable {
	readonly objects: ListOptions;
	/** The pods of all of them. */
	listPods(): Promise<readonly Pod[]>;
	/** Waits until their pods are back. By default, mending does not wait. */
	waitUntilBack?(): Promise<unknown>;
}

/**
 * Each of these objects has no pod. Mending gives each as many replicas as it had.
 *
 * @param name the fault's, as a clause: "DNS is away"
 */
export function makeScaleToZero(
	kube: KubeClient,
	name: string,
	{ objects, listPods, waitUntilBack }: Scalable,
): Fault {
	const before = new Map<string, number>();
	const scale = async (replicasOf: (uid: string) => number) => {
		for (const each of await kube.list(objects, scalable)) {
			const { uid } = each.metadata;
			if (!before.has(uid)) before.set(uid, each.spec.replicas);
			const replicas = replicasOf(uid);
			await kube.mergePatch(refOf(each), { spec: { replicas } });
		}
	};
	return makeFault(
		name,
		async () => {
			await scale(() => 0);
			await eventually(
				`${name}, and no pod is left`,
				budgets.podRestart,
				async () => {
					const left = await listPods();
					if (left.length === 0) return;
					const names = left.map(({ metadata }) => metadata.name);
					return notYet(`still there: ${names.join(", ")}`);
				},
			);
		},
		async () => {
			await scale((uid) => before.get(uid) ?? 1);
			await waitUntilBack?.();
		},
	);
}
