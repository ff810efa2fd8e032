import { eventually, notYet } from "../common/eventually.ts";
import { isNotFound } from "./api-server/kube-error.ts";
import type { ObjectRef } from "./api-server/object-ref.ts";
import type { KubeClient } from "./kubernetes.ts";

/** Waits until an object does not exist any more. */
export async function waitUntilGone(
	kube: KubeClient,
	ref: ObjectRef,
	budget: number,
): Promise<void> {
	await eventually(`${ref.kind} ${ref.name} is gone`, budget, async () => {
		const left = await kube.get(ref).catch((error: unknown) => {
			if (isNotFound(error)) return undefined;
			throw error;
		});
		if (!left) return;
		const since = left.metadata.deletionTimestamp;
		return notYet(
			since ? `it has been terminating since ${since}` : "it still exists",
		);
	});
}
