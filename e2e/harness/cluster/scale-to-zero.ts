import { refOf } from "../../clients/api-server/object-ref.ts";
import type { Pod } from "../../clients/kube-objects.ts";
import type { KubeClient, ListOptions } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { type Fault, makeFault } from "../../common/fault.ts";

/** Objects with a field `spec.replicas`. */
export interface Scalable {
	readonly objects: ListOptions;
	/** The pods of all of them. */
	listPods(): Promise<readonly Pod[]>;
	/** Waits until their pods are back. By default, mending does not wait. */
	waitUntilBack?(): Promise<unknown>;
}

/**
 * Each of these objects has no pod. Mending gives each one replica.
 *
 * @param name the fault's, as a clause: "DNS is away"
 */
export function makeScaleToZero(
	kube: KubeClient,
	name: string,
	{ objects, listPods, waitUntilBack }: Scalable,
): Fault {
	const scale = async (replicas: number) => {
		for (const each of await kube.list(objects))
			await kube.mergePatch(refOf(each), { spec: { replicas } });
	};
	return makeFault(
		name,
		async () => {
			await scale(0);
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
			await scale(1);
			await waitUntilBack?.();
		},
	);
}
