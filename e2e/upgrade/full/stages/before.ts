import { clusterNow } from "../../../common/clock/cluster-clock.ts";
import { waitForStack } from "../../../harness/readiness/stack.ts";
import type { UpgradeContext } from "../context.ts";
import { findRefusals } from "../logs.ts";
import { readScraped, type Scraped } from "../scraped.ts";
import { readState, type State } from "../state.ts";

/**
 * Upgrades the first chart to itself. Charts look up what is in the cluster, and at home they found it there: the
 * rollback must not lead to a first installation, which may not even be possible.
 */
export function installInPlace(context: UpgradeContext): Promise<void> {
	const { stack, way } = context;
	return context.stage(`${way.forward} in place`, async () => {
		await way.installAgain();
		await waitForStack(stack.kube, stack.namespace);
	});
}

/** The stack before the first change. */
export interface Before {
	readonly state: State;
	/** What logs said is unknown, refused or forbidden. */
	readonly refused: readonly string[];
	/** When the upgrade begins, in milliseconds since the epoch. */
	readonly moment: number;
	readonly scraped: Scraped;
}

export async function readBefore({ stack }: UpgradeContext): Promise<Before> {
	const state = await readState(stack);
	const refused = await findRefusals(stack.kube, stack.namespace, 0);
	const moment = clusterNow();
	return {
		state,
		refused,
		moment,
		scraped: await readScraped(stack, moment),
	};
}
