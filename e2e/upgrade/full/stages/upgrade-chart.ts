import { waitUntilSettled } from "../../../harness/readiness/settle.ts";
import { waitForStack } from "../../../harness/readiness/stack.ts";
import type { Reason } from "../../reasons.ts";
import type { UpgradeContext } from "../context.ts";
import { attempt } from "../trouble.ts";

/** Applies the CRDs first, as the chart's guide says, then upgrades. @returns why it failed, if it did */
export async function upgradeChart(context: UpgradeContext): Promise<Reason[]> {
	const { stack, extent, started, charts } = context;
	const refused = await attempt(
		context,
		"upgrade-fails",
		"helm upgrade",
		async () => {
			if (!extent.skipCrds)
				await context.stage("CRDs", () => stack.kube.apply(charts.to.crds));
			await context.stage("helm upgrade", () =>
				charts.to.helm.install(started.cluster.internalKubeconfig),
			);
		},
	);
	if (refused.length > 0) return refused;
	return attempt(context, "rollout-fails", "rollout", () =>
		context.stage("rollout", () => waitForRollOut(context)),
	);
}

/** Waits for the operator first, because it makes the rest. */
export async function waitForRollOut({
	stack: { kube, namespace },
}: UpgradeContext): Promise<void> {
	await waitForStack(kube, namespace);
	await waitUntilSettled(kube, namespace);
}
