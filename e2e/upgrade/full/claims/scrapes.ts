import { budgets } from "../../../common/budgets.ts";
import { type Absence, longestGap, makeTracks, type Track } from "../gaps.ts";
import type { Stack } from "../state.ts";
import { watchdog } from "../watchdog.ts";
import type { UpgradeClaim } from "./claim.ts";

export const targetsAreScraped: UpgradeClaim = {
	id: "targets-are-scraped",
	title: "no target goes without a scrape for longer than a restart takes",
	reason: "target-gap",
	check: async ({ stack, window, before }) => {
		const tracks = await targetTracks(stack, window);
		const gaps = tracks
			.filter(({ times }) => times.some((time) => time <= window.from))
			// What never comes back is told by same-targets.
			.filter(({ times }) => (times.at(-1) ?? 0) >= window.to - patience)
			.map((track) => ({ track, gap: longestGap(track, window) }))
			.sort((a, b) => lengthOf(b.gap) - lengthOf(a.gap));
		const late = gaps.filter(({ gap }) => lengthOf(gap) > budgets.targetGap);
		return {
			flaws: late.map(({ track, gap }) => tellGap(track, gap)),
			notes: [
				`${before.targets.size} scrape pools; the longest gaps: ${gaps
					.slice(0, 3)
					.map(({ track, gap }) => tellGap(track, gap))
					.join(", ")}`,
			],
		};
	},
};

export const watchdogKeepsFiring: UpgradeClaim = {
	id: "watchdog-keeps-firing",
	title: "Watchdog fires in Prometheus and at Alertmanager all the while",
	reason: "watchdog-gap",
	check: async ({ stack, window, seenAtAlertmanager }) => {
		const tracks = [
			await watchdogTrack(stack, window),
			{ name: "Alertmanager", times: seenAtAlertmanager },
		].filter(({ times }) => times.some((time) => time <= window.from));
		if (tracks.length === 0) return { skipped: "Watchdog did not fire before" };
		const gaps = tracks.map((track) => ({
			track,
			gap: longestGap(track, window),
		}));
		return {
			flaws: gaps
				.filter(({ gap }) => lengthOf(gap) > budgets.watchdogGap)
				.map(({ track, gap }) => tellGap(track, gap)),
			notes: [gaps.map(({ track, gap }) => tellGap(track, gap)).join(", ")],
		};
	},
};

/** A target is scraped each minute, and found anew within a while. */
const patience = budgets.scrapeInterval;

/** One track for each target that was scraped in a window. */
export async function targetTracks(
	{ prometheus }: Stack,
	window: Absence,
): Promise<Track[]> {
	const up = await prometheus.rawSamples("up", reach(window), window.to);
	return makeTracks(up, window, patience);
}

/** When Prometheus evaluated Watchdog as firing. */
export async function watchdogTrack(
	{ prometheus }: Stack,
	window: Absence,
): Promise<Track> {
	const found = await prometheus.rawSamples(
		`ALERTS{alertname="${watchdog}",alertstate="firing"}`,
		reach(window),
		window.to,
	);
	const times = found.flatMap(({ values }) =>
		values.map(({ timestamp }) => timestamp),
	);
	return { name: "Prometheus", times: times.sort((a, b) => a - b) };
}

/** The window and what was before it, so that a gap that begins before it is seen whole. */
function reach({ from, to }: Absence): string {
	return `${Math.ceil((to - from + budgets.scrapeInterval) / 1000)}s`;
}

function lengthOf({ from, to }: Absence): number {
	return to - from;
}

function tellGap({ name }: Track, gap: Absence): string {
	return `${name} ${(lengthOf(gap) / 1000).toFixed(0)} s`;
}
