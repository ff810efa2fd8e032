import { expect, test } from "vitest";
import type { WholeRun } from "./whole-run.ts";
import { makeTimedRows, renderTimed } from "./whole-table.ts";

/** A run whose set-up and claims take so many seconds each. */
const makeRun = (setUp: number, claims: number): WholeRun => ({
	isProven: true,
	failure: "",
	seconds: setUp + claims,
	phases: [
		{ name: "beside", begin: 0, seconds: 1 },
		{ name: "claims", begin: setUp, seconds: claims },
		{ name: "set-up", begin: 0, seconds: setUp },
	],
});

const failed: WholeRun = {
	isProven: false,
	failure: "set-up-failed: no memory",
	seconds: 9.4,
	phases: [{ name: "set-up", begin: 0, seconds: 9.4 }],
};

const floor = [20, 19, 21];
const fourNodes = [22, 24, 23];

test("a table of clusters alone has no whole runs", () => {
	const timed = { floor, fourNodes, here: [], there: [] };
	expect(makeTimedRows(timed, false)).toEqual([
		["floor: one server Ready", "20.0 (19.0 to 21.0)", "1.00"],
		["four nodes Ready", "23.0 (22.0 to 24.0)", "1.15"],
	]);
});

test("phases and critical path are medians over all proven runs, and how many were proven is told", () => {
	const here = [makeRun(60, 140), failed, makeRun(70, 130), makeRun(64, 146)];
	const timed = { floor, fourNodes, here, there: [] };
	expect(makeTimedRows(timed, false).slice(2)).toEqual([
		["npm run e2e, whole", "200.0 (200.0 to 210.0)", "10.00"],
		["  proven", "3 of 4", ""],
		["  beside", "1.0", "0.05"],
		["  set-up", "64.0 (60.0 to 70.0)", "3.20"],
		["  claims", "140.0 (130.0 to 146.0)", "7.00"],
		["its critical path", "200.0 (200.0 to 210.0)", "10.00"],
		["  set-up", "64.0 (60.0 to 70.0)", "3.20"],
		["  claims", "140.0 (130.0 to 146.0)", "7.00"],
		["the whole, divided by it", "1.00", ""],
	]);
});

test("another checkout's runs stand beside ours, with the ratio of the two, phase by phase", () => {
	const here = [makeRun(50, 100), makeRun(50, 100)];
	const extra = { name: "import", begin: 2, seconds: 30 };
	const slow = makeRun(100, 200);
	const there = [{ ...slow, phases: [...slow.phases, extra] }, slow, failed];
	const timed = { floor, fourNodes, here, there };
	expect(makeTimedRows(timed, true).slice(1, 7)).toEqual([
		["four nodes Ready", "23.0 (22.0 to 24.0)", "1.15", "", ""],
		["npm run e2e, whole", "150.0", "7.50", "300.0", "0.50"],
		["  proven", "2 of 2", "", "2 of 3", ""],
		["  beside", "1.0", "0.05", "1.0", "1.00"],
		["  set-up", "50.0", "2.50", "100.0", "0.50"],
		["  import", "", "", "30.0, in 1 of 2", ""],
	]);
});

test("an old checkout that does not say when its phases began has no critical path", () => {
	const here = [makeRun(50, 100)];
	const there = [{ ...makeRun(100, 200), phases: [] }];
	const timed = { floor, fourNodes, here, there };
	expect(
		makeTimedRows(timed, true).filter(([name]) => /\bits?\b/.test(`${name}`)),
	).toEqual([
		["its critical path", "150.0", "7.50", "", ""],
		["the whole, divided by it", "1.00", "", "", ""],
	]);
});

test("a run that does not count is named below the table", () => {
	const timed = { floor, fourNodes, here: [failed], there: [makeRun(1, 2)] };
	const [last, other] = renderTimed(timed, "/srv/old").split("\n").toReversed();
	expect(last).toBe(
		"round 1, here: not counted, because after 9 s it was set-up-failed: no memory",
	);
	expect(other).toBe("there: /srv/old");
	expect(makeTimedRows(timed, true)[2]).toEqual([
		...["npm run e2e, whole", "", "", "3.0", ""],
	]);
});
