import { expect, test } from "vitest";
import {
	describeCriticalPath,
	findCriticalPath,
	listLastPhases,
} from "./critical-path.ts";

const phase = (
	name: string,
	begin: number,
	end: number,
	after?: readonly string[],
) => ({
	name,
	begin,
	seconds: end - begin,
	...(after && { after: [...after] }),
});
const run = [
	phase("API server", 3, 9.5),
	phase("CRDs", 9.5, 24.3),
	phase("nodes", 9.51, 31.4),
	phase("nothing", 31.41, 31.41),
	phase("addon", 24.4, 46),
	phase("rollout", 31.42, 66.8),
	phase("claim short", 71.5, 80),
	phase("claim long", 71.5, 202.4),
	phase("claim last", 202.4, 231),
];

/** The names of a path's phases. */
function namesOf(phases: Parameters<typeof findCriticalPath>[0]): string[] {
	return findCriticalPath(phases, 231).parts.flatMap(({ name, gap }) =>
		gap ? [] : name,
	);
}

test("where no phase says what it waited for, the path goes back over what had ended last", () => {
	expect(namesOf(run)).toEqual([
		"API server",
		"nodes",
		"rollout",
		"claim long",
		"claim last",
	]);
});

test("the path follows what a phase waited for, whatever else ended at that time", () => {
	const phases = [
		phase("A", 0, 10, []),
		phase("B", 0, 10.9, []),
		phase("C", 11, 30, ["A"]),
	];
	expect(namesOf(phases)).toEqual(["A", "C"]);
});

test("of several that a phase waited for, the one that ended last counts", () => {
	const phases = [
		phase("A", 0, 10, []),
		phase("B", 0, 9, []),
		phase("C", 10, 30, ["A", "B", "unknown"]),
	];
	expect(namesOf(phases)).toEqual(["A", "C"]);
});

test("a phase that takes no time leads on to what it waited for", () => {
	const phases = [
		phase("A", 0, 10, []),
		phase("unrelated", 0, 10),
		phase("joint", 10, 10, ["A"]),
		phase("C", 10, 30, ["joint"]),
	];
	expect(namesOf(phases)).toEqual(["A", "C"]);
});

test("of two phases of a name the later one before it counts", () => {
	const phases = [
		phase("A", 0, 10, []),
		phase("claim", 10, 20, ["A"]),
		phase("B", 20, 25, ["claim"]),
		phase("claim", 25, 40, ["B"]),
	];
	expect(namesOf(phases)).toEqual(["A", "claim", "B", "claim"]);
});

test("the path is told with its ratio, and a gap has its own line", () => {
	const path = findCriticalPath(
		[phase("A", 2, 8, []), phase("B", 8.5, 18.5, ["A"])],
		20,
	);
	expect(path.parts.filter(({ gap }) => gap)).toEqual([
		{ name: "until A", seconds: 2, gap: true },
		{ name: "until B", seconds: 0.5, gap: true },
		{ name: "until the end", seconds: 1.5, gap: true },
	]);
	expect(describeCriticalPath(path, 20)).toBe(
		[
			"critical path: 16 of 20 s, ratio 1.25",
			"    2.0 s (no phase) until A",
			"    6.0 s A",
			"   10.0 s B",
			"    1.5 s (no phase) until the end",
		].join("\n"),
	);
});

test("without phases there is no path", () => {
	const path = findCriticalPath([], 3);
	expect(path).toEqual({ seconds: 0, ratio: null, parts: [] });
	expect(describeCriticalPath(path, 3)).toBe("");
});

test("who waits for those that nobody has waited for waits for all", () => {
	expect(
		listLastPhases([
			phase("A", 0, 10, []),
			phase("B", 0, 10),
			phase("C", 10, 30, ["A"]),
		]),
	).toEqual(["B", "C"]);
});
