import { expect, test } from "vitest";
import { rangeOfPanel } from "./time.ts";

const hour = 3_600_000;
const range = { from: 0, to: 6 * hour };

test.each([
	["1h", 5 * hour],
	["90s", 6 * hour - 90_000],
	["now-2h", 4 * hour],
])("a panel with timeFrom %s shows that time", (timeFrom, from) => {
	expect(rangeOfPanel({ timeFrom }, range)).toEqual({ ...range, from });
});

test.each([undefined, null, "", "$span", "an hour"])(
	"a panel with timeFrom %j shows the dashboard's time",
	(timeFrom) => {
		expect(rangeOfPanel({ timeFrom }, range)).toEqual(range);
	},
);
