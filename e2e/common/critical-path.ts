import { maxBy, sumBy } from "es-toolkit";
import { z } from "zod";

/** A timed part of a run, in seconds. */
export const phase = z.strictObject({
	name: z.string(),
	/** After the run's start. */
	begin: z.number(),
	/** Wall-clock duration. */
	seconds: z.number(),
	/** The names of the phases that had to end before it began; not there if that is not known. */
	after: z.array(z.string()).optional(),
});
export type Phase = z.infer<typeof phase>;

/** A part of what a run waited for, in seconds. */
export const pathPart = z.strictObject({
	/** Of the phase; of a gap, what came after it. */
	name: z.string(),
	seconds: z.number(),
	/** Whether it is time between two phases, in which no phase says what was waited for. */
	gap: z.boolean(),
});
export type PathPart = z.infer<typeof pathPart>;

/** What a run waited for, from its start to its end. */
export const criticalPath = z.strictObject({
	/** All phases of it, without the gaps. */
	seconds: z.number(),
	/** How many times longer the whole run took: what is above 1 are the gaps. Null without phases. */
	ratio: z.number().nullable(),
	/** First to last. Phases and gaps that are shorter than 50 ms are left out. */
	parts: z.array(pathPart),
});
export type CriticalPath = z.infer<typeof criticalPath>;

/** What is shorter does not show what a run waited for, and clocks are read a little later than what they time. */
const shortest = 0.05;

/**
 * Finds what a run waited for: its last phase, then each time the one that ended last of those that the next one had to
 * wait for. Where a phase does not say for which, it is the one that had ended last when it began.
 *
 * @param seconds of the whole run
 */
export function findCriticalPath(
	phases: readonly Phase[],
	seconds: number,
): CriticalPath {
	const path: Phase[] = [];
	for (
		let next = maxBy([...phases], endOf);
		next;
		next = findLastBefore(next, phases, path)
	)
		path.unshift(next);
	const parts = path.flatMap((each, i): PathPart[] => {
		const { name, begin, seconds } = each;
		const last = path[i - 1];
		const idle = begin - (last ? endOf(last) : 0);
		return [
			{ name: `until ${name}`, seconds: idle, gap: true },
			{ name, seconds, gap: false },
		];
	});
	const last = path.at(-1);
	if (last)
		parts.push({
			name: "until the end",
			seconds: seconds - endOf(last),
			gap: true,
		});
	const sum = sumBy(path, (each) => each.seconds);
	return {
		seconds: sum,
		ratio: sum > 0 ? seconds / sum : null,
		parts: parts.filter((each) => each.seconds > shortest),
	};
}

/** What a phase waited for last; undefined if for nothing. @param seen is on the path already */
function findLastBefore(
	next: Phase,
	phases: readonly Phase[],
	seen: readonly Phase[],
): Phase | undefined {
	const earlier = phases.filter(
		(each) => each.begin <= next.begin && !seen.includes(each),
	);
	if (!next.after)
		return maxBy(
			earlier.filter(
				(each) =>
					each.seconds > shortest && endOf(each) <= next.begin + shortest,
			),
			endOf,
		);
	// A name may come again, as in a second test of a claim.
	const named = next.after.map((name) =>
		maxBy(
			earlier.filter((each) => each.name === name),
			endOf,
		),
	);
	return maxBy(
		named.flatMap((each) => each ?? []),
		endOf,
	);
}

function endOf({ begin, seconds }: Pick<Phase, "begin" | "seconds">): number {
	return begin + seconds;
}

/** The names of the phases that have ended and that no other one has waited for: whoever waits for these waits for all. */
export function listLastPhases(phases: readonly Phase[]): string[] {
	const waitedFor = new Set(phases.flatMap(({ after = [] }) => after));
	return phases.flatMap(({ name }) => (waitedFor.has(name) ? [] : name));
}

/** The path, a line for each part of a second or more; empty if there is none. @param seconds of the whole run */
export function describeCriticalPath(
	{ seconds: sum, ratio, parts }: CriticalPath,
	seconds: number,
): string {
	if (ratio === null) return "";
	return [
		`critical path: ${sum.toFixed(0)} of ${seconds.toFixed(0)} s, ratio ${ratio.toFixed(2)}`,
		...parts
			.filter((each) => each.seconds >= 1)
			.map(
				(each) =>
					`${each.seconds.toFixed(1).padStart(7)} s ${each.gap ? "(no phase) " : ""}${each.name}`,
			),
	].join("\n");
}
