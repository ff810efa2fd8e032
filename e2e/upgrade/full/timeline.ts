import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { findGaps, type Gap } from "../../ledger/gaps.ts";
import type { Timeline } from "../report/contents.ts";
import { targetTracks, watchdogTrack } from "./claims/scrapes.ts";
import type { UpgradeContext } from "./context.ts";
import { gapsLongerThan } from "./gaps.ts";
import type { StartedWatchers } from "./stages/watch.ts";

/** Milliseconds between two samples that are not a gap: slightly more than a scrape or evaluation interval, or a few looks. */
const noGap = { scrape: 75_000, evaluation: 75_000, look: 5_000 };

/** When each stage ran and when each watched thing was away, from a moment until now. */
export async function readTimeline(
	{ stack, stages }: UpgradeContext,
	from: number,
	{ watchdog: watch, ledger }: StartedWatchers,
): Promise<Timeline> {
	const window = { from, to: clusterNow() };
	const seconds = (time: number) => Math.max(0, (time - window.from) / 1000);
	const span = ({ from, to }: Gap) => ({
		from: seconds(from),
		to: seconds(to),
	});
	const watchdog = {
		...(await watchdogTrack(stack, window)),
		name: "Watchdog in Prometheus",
	};
	const atAlertmanager = {
		name: "Watchdog at Alertmanager",
		times: watch.times,
	};
	return {
		seconds: seconds(window.to),
		phases: stages
			.filter(({ to }) => to > window.from)
			.map((stage) => ({ name: stage.name, ...span(stage) })),
		tracks: [
			...(ledger
				? [
						{
							name: "remote writer",
							gaps: findGaps(ledger.history.entries, window.from).map(span),
						},
					]
				: []),
			{
				name: atAlertmanager.name,
				gaps: gapsLongerThan(atAlertmanager, noGap.look, window).map(span),
			},
			{
				name: watchdog.name,
				gaps: gapsLongerThan(watchdog, noGap.evaluation, window).map(span),
			},
			...(await targetTracks(stack, window)).map((track) => ({
				name: track.name,
				gaps: gapsLongerThan(track, noGap.scrape, window).map(span),
			})),
		],
	};
}
