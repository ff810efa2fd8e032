import { expect, test } from "vitest";
import { parseDump } from "./block-dump.ts";

test("a dump is read series by series", () => {
	const dump = [
		'{__name__="m", run="a"} 1 1700000000000',
		'{__name__="m", run="a"} +Inf 1700000000250',
		'{__name__="m", run="b} c"} -2.5 1700000000000',
		"level=info msg=noise",
		"",
	].join("\n");
	expect([...parseDump(dump).values()]).toEqual([
		[
			{ timestamp: 1700000000000, value: 1 },
			{ timestamp: 1700000000250, value: Number.POSITIVE_INFINITY },
		],
		[{ timestamp: 1700000000000, value: -2.5 }],
	]);
});
