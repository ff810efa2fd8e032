import { applyNodeLabels } from "../../../harness/set-up/nodes/node-labels.ts";
import { type Reason, reasonsOf } from "../../reasons.ts";
import { announces } from "../claims/announced.ts";
import { checkLedger } from "../claims/samples.ts";
import type { UpgradeContext } from "../context.ts";
import { whatBecameOf } from "../planted-silence.ts";
import { attempt } from "../trouble.ts";
import { waitForRollOut } from "./upgrade-chart.ts";
import type { StartedWatchers } from "./watch.ts";

/** Goes back to the first chart as the tool does it. @returns why it failed, if it did */
export function rollBack(context: UpgradeContext): Promise<Reason[]> {
	const { way, stack, charts } = context;
	return attempt(context, "rollback-fails", way.back, () =>
		context.stage(way.back, async () => {
			await applyNodeLabels(stack.kube, charts.from.nodeLabels);
			await way.rollBack();
			await waitForRollOut(context);
		}),
	);
}

/** The silence, if the upgrade has kept it and the rollback has not. */
export async function findLostSilenceAfterRollback(
	{ stack, announced }: UpgradeContext,
	{ silence }: StartedWatchers,
	found: readonly Reason[],
): Promise<Reason[]> {
	const isKnown =
		found.some(({ id }) => id === "silence-lost") ||
		announces(announced, "alertmanager-state-lost");
	if (!silence || isKnown) return [];
	const lost = await whatBecameOf(stack.alertmanager, silence);
	return reasonsOf("silence-lost", "rollback", lost ? [lost] : []);
}

/** Acknowledged samples that are lost after the rollback. */
export async function findLostSamplesAfterRollback(
	{ stack }: UpgradeContext,
	{ ledger }: StartedWatchers,
): Promise<Reason[]> {
	if (!ledger) return [];
	const { flaws = [] } = await checkLedger(stack, ledger);
	return reasonsOf("samples-lost", "rollback", flaws);
}
