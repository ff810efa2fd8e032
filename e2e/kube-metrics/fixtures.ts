import { z } from "zod";
import { kubeObject, type Pod, pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { labels } from "../common/labels.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { test as base, makeUniqueName } from "../test.ts";
import { makePlanted, planted } from "./planting.ts";

const deployment = kubeObject.extend({
	status: z
		.looseObject({ availableReplicas: z.number().default(0) })
		.prefault({}),
});

/** The claims' `test` with a namespace in which not all is well, planted once for the file. */
export const test = base.extend(
	"troubled",
	{ scope: "file" },
	async ({ kube, environment }, { onCleanup }) => {
		const namespace = makeUniqueName(environment);
		onCleanup(
			tidyUp(`deletion of namespace ${namespace}`, () =>
				kube.deleteNamespace(namespace),
			),
		);
		await kube.createNamespace(namespace, { [labels.run]: environment.runId });
		await kube.apply(makePlanted(namespace, environment.images.node));
		await waitUntilTroubled(kube, namespace);
		return namespace;
	},
);

/** Waits until the planted pods and Deployments are as they are to stay. */
async function waitUntilTroubled(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	await eventually(
		`in ${namespace} a pod is in CrashLoopBackOff, one Deployment is short and one is whole`,
		budgets.rollout,
		async () => ({
			crashing: await kube.get(
				{ apiVersion: "v1", kind: "Pod", namespace, name: planted.crashing },
				pod,
			),
			deployments: await kube.list(
				{ apiVersion: "apps/v1", kind: "Deployment", namespace },
				deployment,
			),
		}),
		({ crashing, deployments }) => {
			const reason = waitingReasonOf(crashing);
			const behind = deployments.filter(
				({ status }) => status.availableReplicas < 1,
			);
			if (reason === "CrashLoopBackOff" && behind.length === 0) return true;
			return `${planted.crashing} waits for ${reason}; ${behind.length} of ${deployments.length} Deployments have no available replica`;
		},
	);
}

function waitingReasonOf({ status }: Pod): string | undefined {
	return status.containerStatuses[0]?.state.waiting?.reason;
}
