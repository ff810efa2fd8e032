import { expect, test } from "vitest";
import { describeCriticalPath, findCriticalPath } from "./critical-path.ts";

const phase = (name: string, begin: number, end: number) => ({
	name,
	begin,
	seconds: end - begin,
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

test("the path goes back over what had ended last when the next phase began", () => {
	expect(findCriticalPath(run).map(({ name }) => name)).toEqual([
		"API server",
		"nodes",
		"rollout",
		"claim long",
		"claim last",
	]);
});

test("the path is told in one line, with its share of the run", () => {
	expect(describeCriticalPath(run.slice(0, 3), 32)).toBe(
		"critical path: 28 of 32 s: API server 6.5 s, nodes 21.9 s",
	);
});

test("without phases there is no path", () => {
	expect(findCriticalPath([])).toEqual([]);
	expect(describeCriticalPath([], 3)).toBe("");
});
