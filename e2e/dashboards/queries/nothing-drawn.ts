import type { Datasource } from "../../clients/grafana.ts";
import { formatDuration, parseDuration } from "../../common/duration.ts";
import { windowsIn } from "../../common/promql.ts";

/** What is known of a query that draws nothing. */
export interface EmptyQuery {
	readonly datasource: Pick<Datasource, "name" | "jsonData">;
	/** As the dashboard has it. */
	readonly written: string;
	/** As the datasource got it. */
	readonly executed: string;
	/** The selectors in it that have no series. */
	readonly missing: readonly string[];
	/** How often targets are scraped, in milliseconds. */
	readonly scrapeInterval: number;
	readonly isRecorded: (selector: { readonly metric: string }) => boolean;
}

/** The nearest cause why a query draws nothing. */
export function explainNothing(query: EmptyQuery): string {
	const narrow = explainWindow(query);
	if (narrow) return narrow;
	const { executed, missing } = query;
	return missing.length > 0
		? `${executed} draws nothing: there is no sample of ${missing.join(", ")}`
		: `${executed} draws nothing, although each of its series has samples`;
}

/** A rate needs two samples: undefined if every range of the query has room for them. */
export function explainWindow({
	datasource: { name, jsonData },
	written,
	executed,
	scrapeInterval,
	isRecorded,
}: Omit<EmptyQuery, "missing">): string | undefined {
	const narrow = windowsIn(executed).find(
		({ selector, window }) =>
			parseDuration(window) < 2 * scrapeInterval && !isRecorded(selector),
	);
	if (!narrow) return undefined;
	const cause = /\$\{?__rate_interval/.test(written)
		? jsonData.timeInterval
			? `jsonData.timeInterval of datasource ${name} is ${jsonData.timeInterval}, and Grafana takes four times that for $__rate_interval`
			: `jsonData.timeInterval of datasource ${name} is not set, and Grafana takes 15s, four times of which are $__rate_interval`
		: "the dashboard says so";
	return `${executed} draws nothing: its range is ${formatDuration(parseDuration(narrow.window))}, but targets are scraped every ${formatDuration(scrapeInterval)}, so it never has two samples: ${cause}`;
}

/** The expression in Grafana's note of what it has sent: `Expr: up\nStep: 1m0s`. */
export function executedExpression(
	note: string | undefined,
): string | undefined {
	return /^Expr: (.*?)(?:\nStep: [^\n]*)?$/s.exec(note ?? "")?.[1];
}
