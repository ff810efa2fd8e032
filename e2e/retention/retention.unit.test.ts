import { expect, test } from "vitest";
import { parseRetention } from "./retention.ts";

const day = 86_400_000;

test.each([
	["6d or 8GiB", { time: 6 * day, bytes: 8 * 2 ** 30 }],
	["1w3d", { time: 10 * day }],
	["7GiB512MiB", { bytes: 7.5 * 2 ** 30 }],
	["", {}],
])("%j is read", (text, retention) => {
	expect(parseRetention(text)).toEqual(retention);
});
