import { expect, test } from "vitest";
import { parseConfig } from "./loaded-config.ts";
import { whenInForce } from "./time-intervals.ts";

const config = parseConfig(`
route: {receiver: a}
receivers: []
time_intervals:
- {name: ever, time_intervals: [{}]}
- {name: whole days, time_intervals: [{times: [{start_time: "12:00", end_time: "24:00"}, {start_time: "00:00", end_time: "12:00"}]}]}
- {name: days, time_intervals: [{times: [{start_time: "07:00", end_time: "22:00"}]}]}
- {name: nights, time_intervals: [{times: [{start_time: "22:00", end_time: "24:00"}, {start_time: "00:00", end_time: "07:00"}]}]}
- {name: workdays, time_intervals: [{weekdays: ["monday:friday"], location: Europe/Berlin}]}
- {name: weekends, time_intervals: [{weekdays: [Saturday]}, {weekdays: [sunday]}]}
- {name: empty, time_intervals: []}
- {name: last move, time_intervals: [{years: ["2024"], months: [may]}]}
- {name: next move, time_intervals: [{years: ["2027:2028"], months: ["5:6"], days_of_month: ["1:3"]}]}
- {name: no such day, time_intervals: [{months: [february], days_of_month: ["30"]}]}
- {name: leap day, time_intervals: [{months: [february], days_of_month: ["29"]}]}
- {name: last days, time_intervals: [{days_of_month: ["-3:-1"]}]}
mute_time_intervals:
- {name: older form, time_intervals: [{weekdays: [monday]}]}
`);
const now = new Date("2026-03-01T12:00:00Z");

test.each([
	["always", ["ever"]],
	["always", ["whole days"]],
	["always", ["days", "nights"]],
	["always", ["workdays", "weekends"]],
	["sometimes", ["days"]],
	["sometimes", ["weekends"]],
	["sometimes", ["workdays", "days"]],
	["sometimes", ["next move"]],
	["sometimes", ["leap day"]],
	["sometimes", ["last days"]],
	["sometimes", ["older form"]],
	["never", ["empty"]],
	["never", ["last move"]],
	["never", ["no such day", "empty"]],
	["never", ["unknown"]],
])("in force %s: %s", (expected, names) => {
	expect(whenInForce(config, names, now)).toBe(expected);
});
