import { expect, test } from "vitest";
import { componentNamed, readComponents } from "../spec.ts";
import {
	BuildEstimate,
	describeMinutes,
	inBuildOrder,
} from "./build-estimate.ts";

const costs = [
	{ name: "short", minutes: 1 },
	{ name: "long", minutes: 8 },
	{ name: "middle", minutes: 4 },
	{ name: "other", minutes: 3 },
];

function expectAll(atOnce: number): BuildEstimate {
	const estimate = new BuildEstimate(atOnce);
	estimate.expect(costs);
	return estimate;
}

test("before anything is built, the minutes are those of the machine that they were measured on", () => {
	expect(expectAll(2).minutesLeft(0)).toBe(8);
	expect(expectAll(1).minutesLeft(0)).toBe(16);
	expect(new BuildEstimate(2).minutesLeft(0)).toBe(0);
});

test("what is built tells how much slower this machine is", () => {
	const estimate = expectAll(2);
	estimate.begin("short", 0);
	estimate.begin("long", 0);
	estimate.end("short", 3);
	// (3 + 1) / (1 + 1) times as slow: 16 - 3, 8 and 6 by two.
	expect(estimate.minutesLeft(3)).toBe(13.5);
	expect(estimate.describe(3)).toBe("1 of 4 are built, about 14 minutes left");
});

test("so does what runs for longer than it should", () => {
	const estimate = expectAll(2);
	estimate.begin("short", 0);
	// Twice as slow: the longest takes 16.
	expect(estimate.minutesLeft(3)).toBe(16);
});

test("the last minutes are those of the longest build", () => {
	const estimate = expectAll(2);
	for (const { name } of costs) estimate.begin(name, 0);
	expect(estimate.minutesLeft(0.5)).toBe(7.5);
	for (const { name, minutes } of costs) estimate.end(name, minutes);
	expect(estimate.minutesLeft(8)).toBe(0);
});

test("a machine that is half as fast is told within a third after the first builds", () => {
	const estimate = new BuildEstimate(1);
	estimate.expect([
		{ name: "first", minutes: 2 },
		{ name: "second", minutes: 3 },
		{ name: "rest", minutes: 20 },
	]);
	estimate.begin("first", 0);
	estimate.end("first", 4);
	estimate.begin("second", 4);
	estimate.end("second", 10);
	expect(estimate.minutesLeft(10)).toBeGreaterThan((40 * 2) / 3);
	expect(estimate.minutesLeft(10)).toBeLessThan((40 * 4) / 3);
});

test("minutes are told as a person says them", () => {
	expect([0.2, 1.2, 12.4].map(describeMinutes)).toEqual([
		"less than a minute",
		"about a minute",
		"about 12 minutes",
	]);
});

test("what is compiled says how long that takes", async () => {
	const components = await readComponents();
	const unknown = components.filter(
		({ build: { go, minutes } }) => go.length > 0 && minutes < 0.2,
	);
	expect(unknown.map(({ name }) => name)).toEqual([]);
});

test("one program comes first, then the longest", async () => {
	const components = await readComponents();
	const builds = [
		"busybox",
		"coredns",
		"loki",
		"prometheus-config-reloader",
		"k3s",
	].map((name) => ({ component: componentNamed(components, name) }));
	expect(inBuildOrder(builds).map(({ component: { name } }) => name)).toEqual([
		"prometheus-config-reloader",
		"k3s",
		"loki",
		"coredns",
		"busybox",
	]);
});
