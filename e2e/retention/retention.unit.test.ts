import { expect, test } from "vitest";
import { parseRetention, retentionInForce } from "./retention.ts";

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
