import { waitUntilSettled } from "../../../harness/readiness/settle.ts";
import { waitForStack } from "../../../harness/readiness/stack.ts";
import { applyNodeLabels } from "../../../harness/set-up/nodes/node-labels.ts";
import type { Reason } from "../../reasons.ts";
import type { UpgradeContext } from "../context.ts";
import { attempt } from "../trouble.ts";
import { wayOutOf } from "../ways/refusals.ts";

/** Upgrades as the tool does it. @returns why it failed, if it did */
export async function upgradeChart(context: UpgradeContext): Promise<Reason[]> {
	const { way, stack, charts } = context;
	// At home, one node of a tier may have the label that the old chart asks for, and another that of the new.
	await applyNodeLabels(stack.kube, charts.to.nodeLabels);
	const refused = await attempt(
		context,
		"upgrade-fails",
		way.forward,
		() => way.upgrade(),
		(message) => wayOutOf(message) ?? way.wayOut,
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
