import type { KubeClient } from "../../clients/kubernetes.ts";
import { waitForRollout } from "../../clients/rollout.ts";
import type { Refusal } from "../../common/environment.ts";
import {
	nameOfRollout,
	type RunWait,
	waitForStack,
	waitForStackOrRefusals,
} from "../readiness/stack.ts";
import { baseDeployments } from "./base-objects.ts";
import type { ChartMaterials } from "./chart-materials.ts";
import { applyNodeLabels } from "./nodes/node-labels.ts";

/**
 * Waits until the installed chart and what it needs are rolled out.
 *
 * @param runWait runs the wait for each workload, under its name
 * @param refusalsGoOn whether what the operator, Prometheus or Alertmanager refuses is left to the claims
 * @returns what is refused
 */
export async function waitUntilRolledOut(
	kube: KubeClient,
	namespace: string,
	{ nodeLabels }: Pick<ChartMaterials, "nodeLabels">,
	refusalsGoOn: boolean,
	runWait: RunWait,
): Promise<readonly Refusal[]> {
	await applyNodeLabels(kube, nodeLabels);
	const refused: Refusal[] = [];
	const stack = async () => {
		if (refusalsGoOn)
			refused.push(...(await waitForStackOrRefusals(kube, namespace, runWait)));
		else await waitForStack(kube, namespace, runWait);
	};
	await Promise.all([
		stack(),
		...baseDeployments.map((each) =>
			runWait(nameOfRollout(each.kind, each), () => waitForRollout(kube, each)),
		),
	]);
	return refused;
}
