/** A time range in milliseconds; the end is not in it. */
export interface TimeRange {
	readonly minTime: number;
	readonly maxTime: number;
}

/** Whether two time ranges have a millisecond in common. */
export function overlap(a: TimeRange, b: TimeRange): boolean {
	return a.minTime < b.maxTime && b.minTime < a.maxTime;
}
