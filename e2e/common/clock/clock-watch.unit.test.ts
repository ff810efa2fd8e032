import { expect, test } from "vitest";
import { patience } from "../patience.ts";
import { ClockWatch } from "./clock-watch.ts";

function makeClocks() {
	const now = { wall: 1_000_000, monotonic: 500 };
	const clocks = { wall: () => now.wall, monotonic: () => now.monotonic };
	return { now, clocks };
}

test("clocks that agree are trusted", () => {
	const { now, clocks } = makeClocks();
	using watch = new ClockWatch(clocks);
	for (let second = 0; second < 60; second++) {
		now.wall += 1_000;
		now.monotonic += 1_000;
		watch.tick();
	}
	expect(watch.findFlaw()).toBeUndefined();
});

test("eight hours of sleep are noticed if the monotonic clock stood still", () => {
	const { now, clocks } = makeClocks();
	using watch = new ClockWatch(clocks);
	now.wall += 8 * 3_600_000;
	now.monotonic += 2_000;
	expect(watch.findFlaw()).toBe(
		"the machine slept, or its clock was set: the clock moved 28800 s while 2 s passed",
	);
});

test("a clock that is set back is noticed", () => {
	const { now, clocks } = makeClocks();
	using watch = new ClockWatch(clocks);
	now.wall -= 40_000;
	expect(watch.findFlaw()).toContain("the clock moved -40 s while 0 s passed");
});

test("a process that was stopped is noticed, although both clocks went on", () => {
	const { now, clocks } = makeClocks();
	using watch = new ClockWatch(clocks);
	const pause = 31_000 * patience();
	now.wall += pause;
	now.monotonic += pause;
	watch.tick();
	expect(watch.findFlaw()).toContain(`did not run for ${pause / 1000} s`);
});
