import { eventually } from "../common/eventually.ts";
import { isNotFound, type KubeClient, type ObjectRef } from "./kubernetes.ts";

/** Waits until the API server knows nothing of an object any more. */
export async function waitUntilGone(
	kube: KubeClient,
	ref: ObjectRef,
	budget: number,
): Promise<void> {
	await eventually(
		`${ref.kind} ${ref.name} is gone`,
		budget,
		() =>
			kube.get(ref).catch((error: unknown) => {
				if (isNotFound(error)) return undefined;
				throw error;
			}),
		(left) => {
			if (!left) return true;
			const since = left.metadata.deletionTimestamp;
			return since ? `it is being deleted since ${since}` : "it is there";
		},
	);
}
