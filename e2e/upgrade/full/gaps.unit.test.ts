import { expect, test } from "vitest";
import { gapsLongerThan, longestGap, makeTracks } from "./gaps.ts";

const series = (
	labels: Record<string, string>,
	times: number[],
	value = 1,
) => ({
	metric: labels,
	values: times.map((timestamp) => ({ timestamp, value })),
});
const window = { from: 100, to: 400 };
const patience = 60;

test("a target that stays has a track of its own, a replaced one shares its job's", () => {
	const tracks = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 200, 350]),
			series({ job: "b", instance: "2" }, [50, 150]),
			series({ job: "b", instance: "3" }, [300, 390]),
		],
		window,
		patience,
	);
	expect(tracks).toEqual([
		{ name: "a 1", times: [50, 200, 350] },
		{ name: "b", times: [50, 150, 300, 390] },
	]);
});

test("a scrape that failed is no sample", () => {
	const [track] = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 390]),
			series({ job: "a", instance: "1" }, [200], 0),
		],
		window,
		patience,
	);
	expect(track?.times).not.toContain(200);
});

test("the longest gap begins before the window where the last sample does", () => {
	const track = { name: "a", times: [50, 250, 300, 390] };
	expect(longestGap(track, window)).toEqual({ from: 50, to: 250 });
});

test("one that never comes back is away to the end", () => {
	expect(longestGap({ name: "a", times: [50] }, window)).toEqual({
		from: 50,
		to: 400,
	});
});

test("one that goes away in the window is away to its end", () => {
	const track = { name: "a", times: [50, 110, 120] };
	expect(longestGap(track, window)).toEqual({ from: 120, to: 400 });
});

test("one of several that goes away hides behind nobody", () => {
	const tracks = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 200, 350]),
			series({ job: "a", instance: "2" }, [50, 110]),
		],
		window,
		patience,
	);
	expect(tracks.map(({ name }) => name)).toEqual(["a", "a 1"]);
});

test("only what is longer than the limit is a gap", () => {
	const track = { name: "a", times: [90, 160, 300, 350] };
	expect(gapsLongerThan(track, 100, window)).toEqual([{ from: 160, to: 300 }]);
});
