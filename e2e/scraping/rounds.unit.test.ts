import { expect, test } from "vitest";
import { makeRoundCounter } from "./rounds.ts";

const second = 1000;
const minute = 60 * second;
const began = Date.parse("2026-01-01T00:00:00Z");
const time = (seconds: number) => new Date(began + seconds * second);

type Health = "up" | "down";

/** A Prometheus, looked at several times. All times are seconds since the beginning. */
function watch(longest = 5 * minute) {
	const count = makeRoundCounter(began, longest);
	return (
		at: number,
		scraped: readonly (number | readonly [number, Health])[],
		evaluated: readonly number[],
		missing: readonly string[] = ["a"],
	) => {
		const rounds = count(
			scraped.map((each, i) => {
				const [last, health] = typeof each === "number" ? [each, "up"] : each;
				return {
					scrapePool: "pool",
					scrapeUrl: `http://${i}/metrics`,
					health: health === "up" ? "up" : "down",
					lastScrape: time(last).toISOString(),
					scrapeInterval: "1m",
				};
			}),
			evaluated.map((each) => ({
				interval: 30,
				rules: [{ lastEvaluation: time(each) }],
			})),
			began + at * second,
		);
		return {
			allScraped: rounds.late.length === 0,
			isHopeless: rounds.whyHopeless(missing) !== undefined,
		};
	};
}

test("all are scraped once each was, and that can be queried at the next look", () => {
	const look = watch();
	expect(look(20, [10, -40], [15]).allScraped).toBe(false);
	expect(look(25, [10, 20], [15]).allScraped).toBe(false);
	expect(look(26, [10, 20], [15]).allScraped).toBe(true);
});

test("what is missing is hopeless after two scrapes, and two evaluations after them", () => {
	const look = watch();
	look(25, [10, 20], [15]);
	look(75, [70, 20], [75]);
	expect(look(90, [70, 80], [75]).isHopeless).toBe(false);
	expect(look(110, [70, 80], [105]).isHopeless).toBe(false);
	expect(look(140, [130, 80], [135]).isHopeless).toBe(true);
});

test("a scrape that failed is waited for once more", () => {
	const look = watch();
	look(25, [10, [20, "down"]], [15]);
	expect(look(26, [10, [20, "down"]], [15]).allScraped).toBe(false);
	look(85, [70, [80, "down"]], [75]);
	expect(look(86, [70, [80, "down"]], [75]).allScraped).toBe(true);
	expect(look(140, [130, [80, "down"]], [135]).isHopeless).toBe(false);
	look(145, [130, [140, "down"]], [135]);
	expect(look(206, [190, [200, "down"]], [205]).isHopeless).toBe(true);
});

test("a target that is found late is waited for, too", () => {
	const look = watch();
	look(25, [10, 20], [15]);
	look(90, [70, 80], [75]);
	expect(look(100, [70, 80, 95], [75]).allScraped).toBe(false);
	expect(look(140, [130, 80, 95], [135]).isHopeless).toBe(false);
	look(160, [130, 140, 155], [135]);
	expect(look(225, [190, 200, 215], [225]).isHopeless).toBe(true);
});

test("as long as less and less is missing, nothing is hopeless", () => {
	const look = watch();
	look(25, [10], [15], ["a", "b", "c"]);
	look(75, [70], [75], ["a", "b", "c"]);
	expect(look(110, [70], [105], ["b", "c"]).isHopeless).toBe(false);
	expect(look(138, [130], [135], ["c"]).isHopeless).toBe(false);
	expect(look(168, [130], [165], ["c"]).isHopeless).toBe(false);
	expect(look(200, [190], [195], ["c"]).isHopeless).toBe(true);
});

test("without any target, as after a start, nothing is over", () => {
	const look = watch();
	look(75, [], [75]);
	expect(look(176, [], [175])).toEqual({
		allScraped: false,
		isHopeless: false,
	});
});

test("what has a longer interval than the wait is left out", () => {
	const look = watch(minute / 4);
	look(75, [-9999], [-9999]);
	expect(look(76, [-9999], [-9999])).toEqual({
		allScraped: true,
		isHopeless: true,
	});
});
