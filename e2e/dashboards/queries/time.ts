import { parseDuration } from "../../common/duration.ts";

/** A time range in milliseconds. */
export interface QueriedRange {
	readonly from: number;
	readonly to: number;
}

/** From here on Grafana rounds a range that is divided by the number of points up to the next of these. */
const steps: readonly (readonly [below: number, rounded: number])[] = [
	[10, 1],
	[15, 10],
	[35, 20],
	[75, 50],
	[150, 100],
	[350, 200],
	[750, 500],
	[1500, 1000],
	[3500, 2000],
	[7500, 5000],
	[12_500, 10_000],
	[17_500, 15_000],
	[25_000, 20_000],
	[45_000, 30_000],
	[90_000, 60_000],
	[210_000, 120_000],
	[450_000, 300_000],
	[750_000, 600_000],
	[1_050_000, 900_000],
	[1_500_000, 1_200_000],
	[2_700_000, 1_800_000],
	[5_400_000, 3_600_000],
	[9_000_000, 7_200_000],
	[16_200_000, 10_800_000],
	[32_400_000, 21_600_000],
	[86_400_000, 43_200_000],
	[604_800_000, 86_400_000],
	[1_814_400_000, 604_800_000],
	[3_628_800_000, 2_592_000_000],
];
const year = 31_536_000_000;

/** How far apart Grafana wants the points of a panel, in milliseconds. @param least e.g. `15s` or `>1m` */
export function intervalOf(
	{ from, to }: QueriedRange,
	points: number,
	least: string | undefined,
): number {
	const ideal = (to - from) / points;
	const rounded = steps.find(([below]) => ideal < below)?.[1] ?? year;
	return Math.max(rounded, least ? readInterval(least) : 1);
}

/** A number without a unit is in seconds. @throws RangeError naming what is no duration */
export function readInterval(text: string): number {
	const bare = text.replace(/^[<>]/, "");
	return parseDuration(/^\d+$/.test(bare) ? `${bare}s` : bare);
}

/**
 * Reads a dashboard's time range, such as `now-6h` to `now`. "This day" and its like are taken as a whole one.
 *
 * @throws RangeError naming what is no time
 */
export function readRange(
	{ from, to }: { readonly from: string; readonly to: string },
	now: number,
): QueriedRange {
	return { from: readTime(from, now, 1), to: readTime(to, now, 0) };
}

/**
 * The time range that a panel shows: its own, if it has one that Grafana can read, or the dashboard's. A shift is left out:
 * nothing here need be that old.
 */
export function rangeOfPanel(
	{ timeFrom }: { readonly timeFrom?: string | null | undefined },
	range: QueriedRange,
): QueriedRange {
	const text = timeFrom?.trim() ?? "";
	const from = /^\d/.test(text) ? `now-${text}` : text;
	return relative.test(from)
		? { ...range, from: readTime(from, range.to, 1) }
		: range;
}

/** Why something cannot be read, as a clause. */
export interface Unreadable {
	readonly flaw: string;
}

/** Reads a time or an interval that a person has written. */
export function tryRead<T extends object>(read: () => T): T | Unreadable {
	try {
		return read();
	} catch (error) {
		if (error instanceof RangeError) return { flaw: error.message };
		throw error;
	}
}

/** What Grafana's date math has beside Prometheus' units. */
const units = { M: "30d", Q: "91d", fQ: "91d", fy: "365d", y: "365d" };
const unit = /(?:fQ|fy|[yQMwdhms])/.source;
const step = `(?<sign>[-+])(?<count>\\d*)(?<unit>${unit})|/(?<rounded>${unit})`;
const relative = new RegExp(`^now(?:${step.replaceAll(/\?<\w+>/g, "?:")})*$`);

/** Grafana's date math, such as `now-1d/d+8h`, or a moment. @see https://grafana.com/docs/grafana/latest/dashboards/use-dashboards/#time-units-and-relative-ranges */
function readTime(text: string, now: number, rounding: number): number {
	if (!relative.test(text)) return readMoment(text);
	return [...text.matchAll(new RegExp(step, "g"))].reduce(
		(time, { groups = {} }) => {
			const { sign, count, unit, rounded } = groups;
			if (rounded) return time - rounding * lengthOf(rounded);
			const length = Number(count || 1) * lengthOf(unit);
			return sign === "-" ? time - length : time + length;
		},
		now,
	);
}

function readMoment(text: string): number {
	const moment = new Date(/^\d+$/.test(text) ? Number(text) : text).getTime();
	if (Number.isNaN(moment))
		throw new RangeError(
			`${JSON.stringify(text)} is neither a moment nor Grafana's date math, such as now-6h`,
		);
	return moment;
}

function lengthOf(unit = "s"): number {
	const known: Readonly<Record<string, string>> = units;
	return parseDuration(known[unit] ?? `1${unit}`);
}
