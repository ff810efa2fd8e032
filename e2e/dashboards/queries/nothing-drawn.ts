import type { Datasource } from "../../clients/grafana.ts";
import { parseDuration } from "../../common/duration.ts";
import {
	needsTwoSamples,
	type Selector,
	windowsIn,
} from "../../common/promql/expressions.ts";

/** What is known of a query that draws nothing. */
export interface EmptyQuery {
	readonly datasource: Pick<Datasource, "name" | "jsonData">;
	/** As the dashboard has it. */
	readonly written: string;
	/** As the datasource got it. */
	readonly executed: string;
	/** The selectors in it that have no series. */
	readonly missing: readonly string[];
	/** The least step that the query has itself, e.g. `15s`; empty for none. */
	readonly leastStep: string;
	/** How often targets are scraped, in milliseconds. */
	readonly scrapeInterval: number;
	readonly isRecorded: (selector: Selector) => boolean;
}

/** Why a query draws nothing: what is particular to it, and a cause that it may share with others. */
export interface Nothing {
	readonly what: string;
	readonly cause: string;
}

/** The nearest cause why a query draws nothing. */
export function explainNothing(query: EmptyQuery): Nothing {
	const narrow = explainWindow(query);
	if (narrow) return narrow;
	const { executed, missing } = query;
	const what = `${executed} draws nothing`;
	return missing.length > 0
		? { what, cause: `there is no sample of ${missing.join(", ")}` }
		: {
				what,
				cause: "what it makes of them is empty: each of its series has samples",
			};
}

/** The ranges of a query that do not always have room for two samples, with their selectors. */
export function narrowWindows({
	executed,
	scrapeInterval,
	isRecorded,
}: Pick<EmptyQuery, "executed" | "scrapeInterval" | "isRecorded">) {
	return windowsIn(executed)
		.map(({ selector, window, by }) => ({
			selector,
			window: parseDuration(window),
			needsTwo: needsTwoSamples(by),
		}))
		.filter(
			({ selector, window }) =>
				window < 2 * scrapeInterval && !isRecorded(selector),
		);
}

/** A rate needs two samples: undefined if every range of the query has room for them. */
function explainWindow(query: EmptyQuery): Nothing | undefined {
	const [narrow] = narrowWindows(query);
	return (
		narrow && {
			what: `${query.executed} draws nothing`,
			cause: `a range of ${inSeconds(narrow.window)} has no two samples ${whyNarrow(query)}`,
		}
	);
}

/** Says of a query that draws that it draws only now and then. @param window in milliseconds */
export function explainGaps(
	query: Omit<EmptyQuery, "missing">,
	window: number,
): Nothing {
	return {
		what: `${query.executed} draws only some of its points`,
		cause: `a range of ${inSeconds(window)} does not always have two samples ${whyNarrow(query)}`,
	};
}

function whyNarrow({
	datasource: { name, jsonData },
	written,
	leastStep,
	scrapeInterval,
}: Omit<EmptyQuery, "missing">): string {
	const isRate = /\$\{?__rate_interval/.test(written);
	const why =
		isRate && leastStep
			? `$__rate_interval is made of the least step of the query itself (interval), which is ${leastStep}`
			: isRate
				? `$__rate_interval is four times the timeInterval of datasource ${name}, which is ${jsonData.timeInterval || "not set, so that Grafana takes 15s"}`
				: /\$\{?__range\b/.test(written)
					? "$__range is the time range of the panel"
					: "the dashboard has this range itself";
	return `of targets that are scraped every ${inSeconds(scrapeInterval)}: ${why}`;
}

function inSeconds(milliseconds: number): string {
	return `${milliseconds / 1000} s`;
}

/** The expression in Grafana's note of what it has sent: `Expr: up\nStep: 1m0s`. */
export function executedExpression(
	note: string | undefined,
): string | undefined {
	return /^Expr: (.*?)(?:\nStep: [^\n]*)?$/s.exec(note ?? "")?.[1];
}

/** How far apart the points are by the same note, in milliseconds; 0 if it does not say so in whole units. */
export function executedStep(note: string | undefined): number {
	const text = /\nStep: ((?:\d+(?:ms|[smhd]))+)$/.exec(note ?? "")?.[1];
	return text ? parseDuration(text) : 0;
}
