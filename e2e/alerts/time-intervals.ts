import { z } from "zod";
import { parseAs } from "../common/parsing/parse-as.ts";
import type { AlertmanagerConfig } from "./loaded-config.ts";

const texts = z.array(z.coerce.string()).nullish();
const definition = z.looseObject({
	times: z
		.array(
			z.looseObject({
				start_time: z.coerce.string(),
				end_time: z.coerce.string(),
			}),
		)
		.nullish(),
	weekdays: texts,
	days_of_month: texts,
	months: texts,
	years: texts,
});
type Definition = z.infer<typeof definition>;

/** Days that are looked at, from today: in these years each day of the month is each day of the week. */
const horizon = 12 * 366;
const minutesOfDay = 24 * 60;
const weekdays = [
	...["sunday", "monday", "tuesday", "wednesday", "thursday", "friday"],
	"saturday",
];
const months = [
	...["january", "february", "march", "april", "may", "june", "july"],
	...["august", "september", "october", "november", "december"],
];

/**
 * When any of several named time intervals is in force, from now on. Time zones are left out: they move an interval, and
 * make it neither come nor go.
 */
export function whenInForce(
	config: AlertmanagerConfig,
	names: readonly string[],
	now = new Date(),
): "always" | "never" | "sometimes" {
	const all = [
		...(config.time_intervals ?? []),
		...(config.mute_time_intervals ?? []),
	];
	const parts = all
		.filter(({ name }) => names.includes(name))
		.flatMap(({ name, time_intervals }) =>
			parseAs(
				z.array(definition),
				time_intervals ?? [],
				`the time interval ${name} that Alertmanager has loaded`,
			),
		);
	let some = false;
	let gap = false;
	for (let day = 0; day < horizon && !(some && gap); day++) {
		const date = new Date(now.getTime() + day * minutesOfDay * 60_000);
		const inForce = parts.filter((each) => isOn(each, date));
		some ||= inForce.length > 0;
		gap ||= !coversDay(inForce);
	}
	return some ? (gap ? "sometimes" : "always") : "never";
}

function isOn(each: Definition, date: Date): boolean {
	const [year, month, day] = [
		date.getUTCFullYear(),
		date.getUTCMonth() + 1,
		date.getUTCDate(),
	];
	const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
	return (
		isWithin(each.weekdays, date.getUTCDay(), (text) =>
			weekdays.indexOf(text.toLowerCase()),
		) &&
		isWithin(each.months, month, (text) => {
			const named = months.indexOf(text.toLowerCase());
			return named < 0 ? Number(text) : named + 1;
		}) &&
		// Counted from the month's end if negative; what the month does not have is cut off.
		isWithin(each.days_of_month, day, (text) => {
			const number = Number(text);
			return number < 0 ? days + 1 + number : number;
		}) &&
		isWithin(each.years, year, Number)
	);
}

/** Whether a number is in one of the ranges, such as `monday:friday`; none are no restriction. */
function isWithin(
	ranges: readonly string[] | null | undefined,
	value: number,
	read: (text: string) => number,
): boolean {
	return (
		!ranges?.length ||
		ranges.some((range) => {
			const [from = "", to = from] = range.split(":");
			return read(from) <= value && value <= read(to);
		})
	);
}

/** Whether the times of some intervals make a whole day. */
function coversDay(parts: readonly Definition[]): boolean {
	const times = parts
		.flatMap(({ times }) =>
			times?.length
				? times.map(({ start_time, end_time }) => [
						minutesOf(start_time),
						minutesOf(end_time),
					])
				: [[0, minutesOfDay]],
		)
		.sort(([one = 0], [other = 0]) => one - other);
	let until = 0;
	for (const [start = 0, end = 0] of times)
		if (start <= until) until = Math.max(until, end);
	return until >= minutesOfDay;
}

function minutesOf(time: string): number {
	const [hours = 0, minutes = 0] = time.split(":").map(Number);
	return hours * 60 + minutes;
}
