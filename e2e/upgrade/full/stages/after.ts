import { SlackClient } from "../../../clients/slack.ts";
import { clusterNow } from "../../../common/clock/cluster-clock.ts";
import { type Reason, reasonsOf } from "../../reasons.ts";
import { isAnnounced, lossOfTargets, monitorOf } from "../claims/announced.ts";
import { checkUpgradeClaims } from "../claims/check.ts";
import type { UpgradeContext } from "../context.ts";
import { waitUntilLoaded, whatIsSeen } from "../grafana.ts";
import { findNewRefusals, findRefusals } from "../logs.ts";
import { readState, type Stack, type State } from "../state.ts";
import { unlessSeen, waitUntilScraped } from "../waits.ts";
import type { Before } from "./before.ts";
import type { StartedWatchers } from "./watch.ts";

/** Waits until everything that was scraped before is scraped again, except what reading the charts announced as lost. */
export async function waitForScrapes(
	context: UpgradeContext,
	{ state }: Before,
): Promise<void> {
	const { stack, announced } = context;
	const kept = [...state.targets].filter(
		([pool]) => !isAnnounced(announced, lossOfTargets, monitorOf(pool)),
	);
	await context.stage("everything scraped again", () =>
		waitUntilScraped(stack, kept, clusterNow()).catch(unlessSeen),
	);
}

/** Checks what must hold through the upgrade, from its first change until now. */
export async function checkUpgrade(
	{ stack, charts, announced }: UpgradeContext,
	before: Before,
	{ ledger, planted, silence, watchdog }: StartedWatchers,
) {
	const window = { from: before.moment, to: clusterNow() };
	return checkUpgradeClaims({
		stack,
		slack: SlackClient.inCluster(stack.kube),
		installed: charts.to.manifests,
		announced,
		before: before.state,
		refusedBefore: before.refused,
		after: await readAfter(stack, before.state),
		window,
		ledger,
		scrapedBefore: before.scraped,
		seenAtAlertmanager: watchdog.times,
		planted,
		silence,
	});
}

/** The state once Grafana's sidecar has had time to load its dashboards. */
async function readAfter(stack: Stack, { grafana }: State): Promise<State> {
	const titles = whatIsSeen(grafana)?.dashboards;
	if (titles) await waitUntilLoaded(stack.kube, stack.namespace, titles);
	return readState(stack);
}

/**
 * What logs say after the claims were tested: a component may keep what it watched already, so that a lost permission
 * shows only after a restart, and a claim kills Prometheus.
 *
 * @param known reasons found so far
 */
export async function findLateRefusals(
	{ stack: { kube, namespace } }: UpgradeContext,
	before: Before,
	known: readonly Reason[],
): Promise<Reason[]> {
	if (known.some(({ id }) => id === "field-refused")) return [];
	const lines = await findRefusals(kube, namespace, before.moment);
	return reasonsOf(
		"field-refused",
		"claims after",
		findNewRefusals(lines, before.refused),
	);
}
