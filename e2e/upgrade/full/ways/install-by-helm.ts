import {
	hasCondition,
	kubeObject,
	withConditions,
} from "../../../clients/kube-objects.ts";
import { messageOf, SetUpError } from "../../../common/errors.ts";
import { lastWordsOfJob } from "./job-log.ts";
import type { WayChart, WaySurroundings } from "./way.ts";

const job = kubeObject.extend({ status: withConditions });

/**
 * `helm upgrade --install`. Of a hook that failed, such as the job that applies the chart's CRDs, Helm only says that it
 * did: what its log says is added.
 */
export async function installByHelm(
	{ helm }: WayChart,
	{ kube, namespace, kubeconfig }: WaySurroundings,
	flags: readonly string[] = [],
): Promise<void> {
	try {
		await helm.install(kubeconfig, undefined, flags);
	} catch (cause) {
		if (!/hooks? failed/.test(messageOf(cause))) throw cause;
		const jobs = await kube.list(
			{ apiVersion: "batch/v1", kind: "Job", namespace },
			job,
		);
		const words = await Promise.all(
			jobs
				.filter(
					(each) =>
						each.metadata.annotations["helm.sh/hook"] !== undefined &&
						!hasCondition(each, "Complete"),
				)
				.map(async ({ metadata: { name } }) => {
					const log = await lastWordsOfJob(kube, { name, namespace });
					return `the log of ${name} says: ${log || "nothing"}`;
				}),
		);
		throw new SetUpError([messageOf(cause), ...words].join("; "), { cause });
	}
}
