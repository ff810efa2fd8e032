import { budgets } from "../../../common/budgets.ts";
import { makeSelector } from "../../../common/promql/expressions.ts";
import type { Gap } from "../../../ledger/gaps.ts";
import { longestGap, makeTracks, type Track } from "../gaps.ts";
import type { Stack } from "../state.ts";
import { watchdog } from "../watchdog.ts";
import type { UpgradeClaim } from "./claim.ts";

export const targetsAreScraped: UpgradeClaim = {
	id: "targets-are-scraped",
	title: "no target goes unscraped for longer than a restart takes",
	reason: "target-gap",
	check: async ({ stack, window, before }) => {
		const tracks = await targetTracks(stack, window);
		const gaps = tracks
			.filter(({ times }) => times.some((time) => time <= window.from))
			// same-targets reports targets that never come back.
			.filter(({ times }) => (times.at(-1) ?? 0) >= window.to - recently())
			.map((track) => ({ track, gap: longestGap(track, window) }))
			.sort((a, b) => lengthOf(b.gap) - lengthOf(a.gap));
		const late = gaps.filter(({ gap }) => lengthOf(gap) > budgets.targetGap);
		return {
			flaws: late.map(({ track, gap }) => describeTrackGap(track, gap)),
			notes: [
				`${before.targets.size} scrape pools; the longest gaps: ${gaps
					.slice(0, 3)
					.map(({ track, gap }) => describeTrackGap(track, gap))
					.join(", ")}`,
			],
		};
	},
};

export const watchdogKeepsFiring: UpgradeClaim = {
	id: "watchdog-keeps-firing",
	title: "Watchdog keeps firing in Prometheus and at Alertmanager",
	reason: "watchdog-gap",
	check: async ({ stack, window, seenAtAlertmanager }) => {
		const tracks = [
			await watchdogTrack(stack, window),
			{ name: "Alertmanager", times: seenAtAlertmanager },
		].filter(({ times }) => times.some((time) => time <= window.from));
		if (tracks.length === 0) return { skipped: "Watchdog did not fire before" };
		const gaps = tracks.map((track) => ({
			track,
			gap: longestGap(sinceUpgrade(track, window), window),
		}));
		return {
			flaws: gaps
				.filter(({ gap }) => lengthOf(gap) > budgets.watchdogGap)
				.map(({ track, gap }) => describeTrackGap(track, gap)),
			notes: [
				gaps.map(({ track, gap }) => describeTrackGap(track, gap)).join(", "),
			],
		};
	},
};

/**
 * A track without what was before a window. Prometheus stores ALERTS only from the third evaluation after a start: what a
 * kill before the upgrade costs is not the upgrade's doing.
 */
export function sinceUpgrade(track: Track, { from }: Gap): Track {
	return { ...track, times: track.times.filter((time) => time >= from) };
}

/** How long ago the last scrape of a target may be, in milliseconds. */
const recently = () => budgets.scrapeInterval;

/** A track for each target that was scraped in a window. */
export async function targetTracks(
	{ prometheus }: Stack,
	window: Gap,
): Promise<Track[]> {
	const up = await prometheus.rawSamples("up", reach(window), window.to);
	return makeTracks(up, window, recently());
}

/** When Prometheus evaluated Watchdog as firing. */
export async function watchdogTrack(
	{ prometheus }: Stack,
	window: Gap,
): Promise<Track> {
	const found = await prometheus.rawSamples(
		makeSelector("ALERTS", { alertname: watchdog, alertstate: "firing" }),
		reach(window),
		window.to,
	);
	const times = found.flatMap(({ values }) =>
		values.map(({ timestamp }) => timestamp),
	);
	return { name: "Prometheus", times: times.sort((a, b) => a - b) };
}

/** The window and some time before it, to include the start of a gap that begins before it. */
function reach({ from, to }: Gap): string {
	return `${Math.ceil((to - from + budgets.scrapeInterval) / 1000)}s`;
}

function lengthOf({ from, to }: Gap): number {
	return to - from;
}

function describeTrackGap({ name }: Track, gap: Gap): string {
	return `${name} ${(lengthOf(gap) / 1000).toFixed(0)} s`;
}
