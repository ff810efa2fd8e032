import { expect, test } from "vitest";
import { roundCounter } from "./rounds.ts";

const second = 1000;
const minute = 60 * second;
const began = Date.parse("2026-01-01T00:00:00Z");

/** @param scraped seconds since the beginning, for each target @param evaluated the same for each group */
function look(
	count: ReturnType<typeof roundCounter>,
	at: number,
	scraped: readonly number[],
	evaluated: readonly number[],
) {
	const time = (seconds: number) => new Date(began + seconds * second);
	return count(
		scraped.map((each) => ({
			lastScrape: time(each).toISOString(),
			scrapeInterval: "1m",
		})),
		evaluated.map((each) => ({
			interval: 30,
			rules: [{ lastEvaluation: time(each) }],
		})),
		began + at * second,
	);
}

test("a round of scrapes is over when each target was scraped, and given up is after two and two evaluations", () => {
	const count = roundCounter(began, 5 * minute);
	expect(look(count, 20, [10, -40], [15])).toEqual({
		allScraped: false,
		givenUp: undefined,
	});
	expect(look(count, 25, [10, 20], [15]).allScraped).toBe(false);
	expect(look(count, 26, [10, 20], [15])).toEqual({
		allScraped: true,
		givenUp: undefined,
	});
	expect(look(count, 75, [70, 20], [75]).givenUp).toBeUndefined();
	expect(look(count, 90, [70, 80], [75]).givenUp).toBeUndefined();
	expect(look(count, 110, [70, 80], [105]).givenUp).toBeUndefined();
	expect(look(count, 140, [130, 80], [135]).givenUp).toMatch(/twice/);
});

test("nothing is over without a target, and what has a longer interval is not waited for", () => {
	const count = roundCounter(began, minute / 4);
	expect(look(count, 75, [], [75]).allScraped).toBe(false);
	expect(look(count, 75, [-9999], [-9999]).givenUp).toMatch(/twice/);
});
