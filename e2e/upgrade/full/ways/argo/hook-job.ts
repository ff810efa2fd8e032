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

const job = kubeObject.extend({ status: withConditions });

/**
 * Waits until a job has completed.
 *
 * @param namespace of a job that names none
 * @throws NeverSeenError with the end of its log if it fails
 */
export async function waitForJob(
	kube: KubeClient,
	hook: Manifest,
	namespace: string,
): Promise<void> {
	const { apiVersion, kind, metadata } = hook;
	const ref = {
		...{ apiVersion, kind, name: metadata.name },
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
			const log = await lastWordsOf(kube, ref);
			throw new HopelessError(
				[failed.reason, failed.message, log && `its log ends: ${log}`]
					.filter(Boolean)
					.join(": "),
			);
		},
	);
}

/** The end of the log of a job's last pod; empty if there is none any more. */
async function lastWordsOf(
	kube: KubeClient,
	{ name, namespace }: { readonly name: string; readonly namespace: string },
): Promise<string> {
	const labelSelector = `job-name=${name}`;
	const pods = await kube.list({
		...{ apiVersion: "v1", kind: "Pod", namespace, labelSelector },
	});
	const last = pods.at(-1);
	if (!last) return "";
	const log = await kube
		.logs(namespace, last.metadata.name, { tailLines: 5 })
		// Why the job has failed counts more than a log that cannot be read.
		.catch(() => "");
	return log.trim().replaceAll(/\s*\n\s*/g, "; ");
}
