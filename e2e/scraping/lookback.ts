import { formatDuration, parseDuration } from "../common/duration.ts";

/**
 * Why a query may find no sample of a target that is scraped as promised, or of what rules record where their groups have
 * no interval of their own, a sentence each; none if it always finds one. A sample is only there a moment after its time,
 * when the one before is older than the interval.
 *
 * @param flags those of Prometheus
 * @param interval how often targets are scraped, in milliseconds
 * @param evaluationInterval how often Prometheus evaluates rules
 */
export function findShortLookback(
	flags: Readonly<Record<string, string>>,
	interval: number,
	evaluationInterval = "1m",
): string[] {
	const told = flags["query.lookback-delta"];
	const scraped = judgeLookback(
		told,
		interval,
		(lookback) =>
			`a query takes no sample that is older than ${lookback} (query.lookbackDelta), but targets are scraped every ${formatDuration(interval)}: in between, graphs have gaps, and rules find nothing`,
	);
	const recorded = judgeLookback(
		told ?? "5m",
		parseDuration(evaluationInterval),
		(lookback) =>
			`rules record a sample every ${evaluationInterval} (evaluationInterval), and a query takes none that is older than ${lookback}: in between, panels of what they record are empty, and alerts come late`,
	);
	return [...scraped, ...recorded];
}

/** The same of Thanos' query. @param lookback its argument; undefined for Thanos' own */
export function findShortThanosLookback(
	lookback: string | undefined,
	interval: number,
): string[] {
	return judgeLookback(
		lookback,
		interval,
		(text) =>
			`a long-term query takes no sample that is older than ${text} (--query.lookback-delta of Thanos' query), but targets are scraped every ${formatDuration(interval)}: in between, graphs have gaps`,
	);
}

/** Without a look-back, or with one of 0, the engine takes five minutes. */
function judgeLookback(
	text: string | undefined,
	interval: number,
	say: (text: string) => string,
): string[] {
	const lookback = text === undefined ? 0 : parseDuration(text);
	return text !== undefined && lookback > 0 && lookback <= interval
		? [say(text)]
		: [];
}
