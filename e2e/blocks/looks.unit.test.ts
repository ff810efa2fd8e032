import { expect, test } from "vitest";
import { makeLookCounter, whyNoUpload } from "./looks.ts";

function exposeLooks(good: number, failed: number) {
	return [
		{ name: "thanos_shipper_dir_syncs_total", labels: {}, value: good },
		{
			name: "thanos_shipper_dir_sync_failures_total",
			labels: {},
			value: failed,
		},
	];
}

test("looks are counted since the first call", async () => {
	const answers = [exposeLooks(7, 2), exposeLooks(8, 5)];
	const count = makeLookCounter(async () => answers.shift() ?? []);
	expect(await count()).toEqual({ good: 0, failed: 0 });
	expect(await count()).toEqual({ good: 1, failed: 3 });
});

test.each([
	[{ good: 0, failed: 3 }, expect.stringContaining("3 times")],
	[{ good: 0, failed: 2 }, undefined],
	[{ good: 1, failed: 5 }, undefined],
	[{ good: 0, failed: 0 }, undefined],
])("of %o no upload is to be expected: %s", (looks, why) => {
	expect(whyNoUpload(looks)).toEqual(why);
});
