import { type Reason, reasonsOf } from "../../reasons.ts";
import { checkLedger } from "../claims/samples.ts";
import type { UpgradeContext } from "../context.ts";
import { attempt } from "../trouble.ts";
import type { Before } from "./before.ts";
import { waitForRollOut } from "./upgrade-chart.ts";
import type { StartedWatchers } from "./watch.ts";

/** Rolls the chart back. @returns why it failed, if it did */
export function rollBack(
	context: UpgradeContext,
	{ revision }: Before,
): Promise<Reason[]> {
	const config = context.started.cluster.internalKubeconfig;
	const { helm } = context.charts.from;
	const what = "helm rollback";
	return attempt(context, "rollback-fails", what, () =>
		context.stage(what, async () => {
			// If the upgrade was refused outright, there is nothing to roll back.
			if ((await helm.revision(config)) !== revision)
				await helm.rollback(config, revision);
			await waitForRollOut(context);
		}),
	);
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
