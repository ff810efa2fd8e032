/** A time range in milliseconds; the end is not in it. */
export interface TimeRange {
	readonly minTime: number;
	readonly maxTime: number;
}

/** Whether two time ranges have a millisecond in common. */
export function overlap(a: TimeRange, b: TimeRange): boolean {
	return a.minTime < b.maxTime && b.minTime < a.maxTime;
}

/** The same with its moments in RFC 3339, which a person can read where two are compared. */
export function withMoments<T extends TimeRange>(range: T) {
	return {
		...range,
		minTime: formatMoment(range.minTime),
		maxTime: formatMoment(range.maxTime),
	};
}

/** The widest range that a Date has. */
const farthest = 8_640_000_000_000_000;

/**
 * A moment in RFC 3339. Prometheus and Thanos use the smallest and the largest integer for "none yet", which are no dates.
 *
 * @param time milliseconds
 */
export function formatMoment(time: number): string {
	return Math.abs(time) <= farthest
		? new Date(time).toISOString()
		: "no time yet";
}
