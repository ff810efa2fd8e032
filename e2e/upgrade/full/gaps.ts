import { maxBy } from "es-toolkit";
import type { RangeSeries } from "../../clients/prometheus-schemas.ts";
import { type Gap, gapsBetween } from "../../ledger/gaps.ts";

/** When something was present, and its name for a report. */
export interface Track {
	readonly name: string;
	/** Ascending, in milliseconds. */
	readonly times: readonly number[];
}

/**
 * A track for each scraped target. A replaced pod comes back with another address: series that begin or end within the
 * window share the track of their job.
 *
 * @param up the series `up`
 * @param window in milliseconds; a target with samples at both ends has a track of its own
 * @param recently how long before the end of the window the last of those samples may be, in milliseconds
 */
export function makeTracks(
	up: readonly RangeSeries[],
	{ from, to }: Gap,
	recently: number,
): Track[] {
	const tracks = new Map<string, Set<number>>();
	for (const { metric, values } of up) {
		const times = values
			.filter(({ value }) => value === 1)
			.map(({ timestamp }) => timestamp);
		const [first = 0] = times;
		const last = times.at(-1) ?? 0;
		const { job = "", endpoint = "", metrics_path = "", instance } = metric;
		const group = [job, endpoint, metrics_path].filter(Boolean).join(" ");
		const stays = first <= from && last >= to - recently;
		const name = stays ? `${group} ${instance}` : group;
		const known = tracks.get(name) ?? new Set();
		for (const time of times) known.add(time);
		tracks.set(name, known);
	}
	return [...tracks]
		.map(([name, times]) => ({
			name,
			times: [...times].sort((a, b) => a - b),
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
}

/** The longest time without a sample that overlaps a window; a gap that continues ends with the window. */
export function longestGap(track: Track, window: Gap): Gap {
	const gaps = gapsIn(track, window);
	return (
		maxBy(gaps, ({ from, to }) => to - from) ?? {
			from: window.to,
			to: window.to,
		}
	);
}

/** Every time without a sample that is longer than a limit in milliseconds. */
export function gapsLongerThan(
	track: Track,
	limit: number,
	window: Gap,
): Gap[] {
	return gapsIn(track, window).filter(({ from, to }) => to - from > limit);
}

/** What lies between the samples of a window: from the last before it, or else its beginning, to its end. */
function gapsIn({ times }: Track, { from, to }: Gap): Gap[] {
	const before = times.filter((time) => time <= from).at(-1) ?? from;
	const inside = times.filter((time) => time > from && time <= to);
	return gapsBetween([before, ...inside, to]);
}
