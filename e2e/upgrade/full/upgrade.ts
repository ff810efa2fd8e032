import { ClockWatch } from "../../common/clock/clock-watch.ts";
import { SetUpError } from "../../common/errors.ts";
import type { ClaimResult } from "../../harness/claims/summary.ts";
import type { Reason } from "../reasons.ts";
import type { Timeline } from "../report/contents.ts";
import { findLostClaims } from "./claims/lost.ts";
import type { UpgradeContext } from "./context.ts";
import {
	checkUpgrade,
	findLateRefusals,
	waitForScrapes,
} from "./stages/after.ts";
import { installInPlace, readBefore } from "./stages/before.ts";
import { prove } from "./stages/prove.ts";
import {
	findLostSamplesAfterRollback,
	findLostSilenceAfterRollback,
	rollBack,
} from "./stages/roll-back.ts";
import { upgradeChart } from "./stages/upgrade-chart.ts";
import { startWatchers } from "./stages/watch.ts";
import { readTimeline } from "./timeline.ts";
import { checkEnvironment, unlessAway } from "./trouble.ts";

/** What an upgrade showed. */
export interface UpgradeResult {
	readonly reasons: readonly Reason[];
	readonly claims: readonly ClaimResult[];
	/** Undefined if Prometheus does not answer at the end. */
	readonly timeline: Timeline | undefined;
}

/**
 * Upgrades from the first chart to the second and rolls back, with the claims at each stage.
 *
 * @throws SetUpError if the test environment failed
 */
export async function upgradeAndBack(
	context: UpgradeContext,
): Promise<UpgradeResult> {
	using clocks = new ClockWatch();
	try {
		const result = await goThroughStages(context);
		const flaw = clocks.findFlaw();
		// Gaps are measured by the clock.
		if (flaw) throw new SetUpError(flaw);
		return result;
	} catch (error) {
		if (!(error instanceof SetUpError)) await checkEnvironment(context, error);
		throw error;
	}
}

async function goThroughStages(
	context: UpgradeContext,
): Promise<UpgradeResult> {
	const { from: first, to: second } = context.charts;

	await installInPlace(context);
	const provenBefore = await prove(context, "before", first);
	await using watchers = await startWatchers(context);
	const before = await readBefore(context);

	const broken = await upgradeChart(context);
	await waitForScrapes(context, before);
	const upgraded = await unlessAway(context, broken, () =>
		checkUpgrade(context, before, watchers),
	);
	const found = upgraded?.reasons ?? [];
	const provenAfter = await prove(context, "after", second);
	const refused = await unlessAway(context, broken, () =>
		findLateRefusals(context, before, found),
	);

	const stuck = await rollBack(context);
	const isBack = stuck.length === 0;
	const provenBack = isBack ? await prove(context, "back", first) : [];
	const lost = isBack
		? await unlessAway(context, stuck, () =>
				findLostSamplesAfterRollback(context, watchers),
			)
		: [];
	const unsilenced = isBack
		? await unlessAway(context, stuck, () =>
				findLostSilenceAfterRollback(context, watchers, found),
			)
		: [];
	const timeline = await unlessAway(context, stuck, () =>
		readTimeline(context, before.moment, watchers),
	);

	return {
		reasons: [
			...broken,
			...found,
			...findLostClaims(provenBefore, provenAfter, "claim-lost"),
			...(refused ?? []),
			...stuck,
			...findLostClaims(provenBefore, provenBack, "rollback-claim-lost"),
			...(lost ?? []),
			...(unsilenced ?? []),
		],
		claims: [
			...provenBefore,
			...(upgraded?.claims ?? []),
			...provenAfter,
			...provenBack,
		],
		timeline,
	};
}
