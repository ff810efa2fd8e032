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

test("a target that stays has a track of its own, a replaced one shares its job's", () => {
	const tracks = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 200, 450]),
			series({ job: "b", instance: "2" }, [50, 150]),
			series({ job: "b", instance: "3" }, [300, 450]),
		],
		window,
	);
	expect(tracks).toEqual([
		{ name: "a 1", times: [50, 200, 450] },
		{ name: "b", times: [50, 150, 300, 450] },
	]);
});

test("a scrape that failed is no sample", () => {
	const [track] = makeTracks(
		[
			series({ job: "a", instance: "1" }, [50, 450]),
			series({ job: "a", instance: "1" }, [200], 0),
		],
		window,
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

test("only what is longer than the limit is a gap", () => {
	const track = { name: "a", times: [90, 160, 300, 350] };
	expect(gapsLongerThan(track, 100, window)).toEqual([{ from: 160, to: 300 }]);
});
