import {
	hasCondition,
	kubeObject,
	type Manifest,
	nameOf,
	withConditions,
} from "../../../../clients/kube-objects.ts";
import type { KubeClient } from "../../../../clients/kubernetes.ts";
import { budgets } from "../../../../common/budgets.ts";
import {
	eventually,
	HopelessError,
	notYet,
} from "../../../../common/eventually.ts";
import { lastWordsOfJob } from "../job-log.ts";

const job = kubeObject.extend({ status: withConditions });

/**
 * Waits until a job has completed.
 *
 * @param namespace of a job that names none
 * @throws NeverSeenError with what its log says if it fails
 */
export async function waitForJob(
	kube: KubeClient,
	hook: Manifest,
	namespace: string,
): Promise<void> {
	const { apiVersion, kind, metadata } = hook;
	const ref = {
		apiVersion,
		kind,
		name: metadata.name,
		namespace: metadata.namespace ?? namespace,
	};
	await eventually(
		`${nameOf(hook)} has completed`,
		budgets.rollout,
		async () => {
			const seen = await kube.get(ref, job);
			if (hasCondition(seen, "Complete")) return;
			const failed = seen.status.conditions.find(
				({ type, status }) => type === "Failed" && status === "True",
			);
			if (!failed) return notYet("its pod has not ended");
			const log = await lastWordsOfJob(kube, ref);
			throw new HopelessError(
				[failed.reason, failed.message, log && `its log says: ${log}`]
					.filter(Boolean)
					.join(": "),
			);
		},
	);
}
