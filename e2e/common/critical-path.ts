import { maxBy } from "es-toolkit";
import { z } from "zod";

/** A timed part of a run, in seconds. */
export const phase = z.strictObject({
	name: z.string(),
	/** After the run's start. */
	begin: z.number(),
	/** Wall-clock duration. */
	seconds: z.number(),
});
export type Phase = z.infer<typeof phase>;

/** Shorter phases do not show what a run waited for, and clocks are read a little later than what they time. */
const shortest = 0.05;

/**
 * What a run waited for, first to last: its last phase, then each time the one that had ended last when the next one
 * began. That is read from the times, as nothing says who waits for whom.
 */
export function findCriticalPath(phases: readonly Phase[]): Phase[] {
	const long = phases.filter(({ seconds }) => seconds > shortest);
	const path: Phase[] = [];
	for (
		let next = maxBy(long, endOf);
		next;
		next = maxBy(endedBefore(next, long), endOf)
	)
		path.unshift(next);
	return path;
}

function endedBefore(next: Phase, phases: readonly Phase[]): Phase[] {
	return phases.filter(
		(each) => each.begin < next.begin && endOf(each) <= next.begin + shortest,
	);
}

function endOf({ begin, seconds }: Phase): number {
	return begin + seconds;
}

/** The path in one line, its short phases left out; empty if there is none. */
export function describeCriticalPath(
	phases: readonly Phase[],
	seconds: number,
): string {
	const path = findCriticalPath(phases);
	if (path.length === 0) return "";
	const sum = path.reduce((total, each) => total + each.seconds, 0);
	const shown = path
		.filter((each) => each.seconds >= 1)
		.map((each) => `${each.name} ${each.seconds.toFixed(1)} s`);
	return `critical path: ${sum.toFixed(0)} of ${seconds.toFixed(0)} s: ${shown.join(", ")}`;
}
