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
const recently = 60;

test("a target that stays has a track of its own, a replaced one shares the track of its job", () => {
	const tracks = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 200, 350]),
			series({ job: "b", instance: "2" }, [50, 150]),
			series({ job: "b", instance: "3" }, [300, 390]),
		],
		window,
		recently,
	);
	expect(tracks).toEqual([
		{ name: "a 1", times: [50, 200, 350] },
		{ name: "b", times: [50, 150, 300, 390] },
	]);
});

test("a failed scrape is not a sample", () => {
	const [track] = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 390]),
			series({ job: "a", instance: "1" }, [200], 0),
		],
		window,
		recently,
	);
	expect(track?.times).not.toContain(200);
});

test("the longest gap starts at the last sample before the window", () => {
	const track = { name: "a", times: [50, 250, 300, 390] };
	expect(longestGap(track, window)).toEqual({ from: 50, to: 250 });
});

test("a target that never comes back has a gap until the end", () => {
	expect(longestGap({ name: "a", times: [50] }, window)).toEqual({
		from: 50,
		to: 400,
	});
});

test("a target that disappears in the window has a gap until its end", () => {
	const track = { name: "a", times: [50, 110, 120] };
	expect(longestGap(track, window)).toEqual({ from: 120, to: 400 });
});

test("a target that disappears is not hidden by others of its job", () => {
	const tracks = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 200, 350]),
			series({ job: "a", instance: "2" }, [50, 110]),
		],
		window,
		recently,
	);
	expect(tracks.map(({ name }) => name)).toEqual(["a", "a 1"]);
});

test("only a time longer than the limit is a gap", () => {
	const track = { name: "a", times: [90, 160, 300, 350] };
	expect(gapsLongerThan(track, 100, window)).toEqual([{ from: 160, to: 300 }]);
});
