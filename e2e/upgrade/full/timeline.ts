import { findGaps } from "../../ledger/gaps.ts";
import type { History } from "../../ledger/history.ts";
import type { Timeline } from "../report/contents.ts";
import { targetTracks, watchdogTrack } from "./claims/scrapes.ts";
import { type Absence, gapsLongerThan } from "./gaps.ts";
import type { Stack } from "./state.ts";

/** A part of the upgrade, in milliseconds since the epoch. */
export interface Stage extends Absence {
	readonly name: string;
}

/** Longer than between two scrapes, and between two evaluations of Watchdog's group. */
const noGap = { scrape: 75_000, evaluation: 75_000, look: 5_000 };

/** The upgrade as a picture shows it. */
export async function readTimeline(
	stack: Stack,
	window: Absence,
	stages: readonly Stage[],
	{
		seenAtAlertmanager,
		ledger,
	}: { seenAtAlertmanager: readonly number[]; ledger: History | undefined },
): Promise<Timeline> {
	const seconds = (time: number) => Math.max(0, (time - window.from) / 1000);
	const span = ({ from, to }: Absence) => ({
		from: seconds(from),
		to: seconds(to),
	});
	const watchdog = {
		...(await watchdogTrack(stack, window)),
		name: "Watchdog in Prometheus",
	};
	const atAlertmanager = {
		name: "Watchdog at Alertmanager",
		times: seenAtAlertmanager,
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
							gaps: findGaps(ledger.entries, window.from).map(span),
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
