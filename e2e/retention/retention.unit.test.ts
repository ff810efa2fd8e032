import { expect, test } from "vitest";
import {
	explainRetention,
	parseRetention,
	refuseIfShorter,
	retentionInForce,
} from "./retention.ts";

const day = 86_400_000;

test.each([
	["6d or 8GiB", { time: 6 * day, bytes: 8 * 2 ** 30 }],
	["1w3d", { time: 10 * day }],
	["7GiB512MiB", { bytes: 7.5 * 2 ** 30 }],
	["", {}],
])("%j is read", (text, retention) => {
	expect(parseRetention(text)).toEqual(retention);
});

test.each([
	["in both metrics", { seconds: 86_400, bytes: 5 }, { time: day, bytes: 5 }],
	["in one metric", { bytes: 5 }, { time: 6 * day, bytes: 5 }],
	["in no metric", {}, { time: 6 * day, bytes: 8 }],
	["removed", { seconds: 0, bytes: 0 }, {}],
])("what is %s is in force", (_, limits, retention) => {
	expect(retentionInForce({ time: 6 * day, bytes: 8 }, limits)).toEqual(
		retention,
	);
});

test.each(["6d or 8GB", "144h or 8GiB", "5d24h or 8192MB", "6d or 7630MB"])(
	"%s is 6 days or 8 GB",
	(text) => {
		expect(explainRetention(parseRetention(text))).toEqual([]);
	},
);

test.each([
	["5d or 8GB", ["for 120h, not for 144h"]],
	["6d or 80GB", ["of 85899345920 bytes, not of 8 GB"]],
	["6d", ["of any size, not of 8 GB"]],
	["8GB", ["of any age, not for 144h"]],
	["", ["of any age", "of any size"]],
])("%j is not", (text, found) => {
	expect(explainRetention(parseRetention(text))).toEqual(
		found.map((each) => expect.stringContaining(each)),
	);
});

test("a block that is older than what is kept is not waited for", () => {
	expect(() => refuseIfShorter({ time: 5 * day }, 6 * day - 300_000)).toThrow(
		'"Retention: 6 days": the block ended 8635m ago, and Prometheus keeps blocks for 120h only',
	);
	for (const kept of [{}, { time: 6 * day }, { time: 14 * day }])
		expect(() => refuseIfShorter(kept, 6 * day - 300_000)).not.toThrow();
});
