import { setInterval as pace } from "node:timers/promises";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import { History } from "./history.ts";
import { outcomeOf } from "./outcome.ts";

/** Ten numbers a second: fine enough to see where an outage begins and ends, and no wait for numbers is long. */
const everyMilliseconds = 100;

/** The series that a ledger is written to. */
export interface LedgerSeries {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
}

/** A ledger that is being written, through all outages, until it is stopped. */
export interface StartedLedger {
	readonly history: History;
	readonly series: LedgerSeries;
	/** The series as a selector of the query language. */
	readonly selector: string;
	/** Resolves when the last write has been answered. */
	stop(): Promise<void>;
}

/** Starts to write a numbered sequence through the remote write receiver. */
export function startLedger(
	prometheus: Pick<PrometheusClient, "write">,
	{ name, labels }: LedgerSeries,
): StartedLedger {
	const history = new History();
	const stopping = new AbortController();
	const writing = (async () => {
		for await (const _ of ticks(stopping.signal)) {
			const entry = history.next();
			const { timestamp, sequence: value } = entry;
			const labelled = { __name__: name, ...labels };
			try {
				await prometheus.write(
					[{ labels: labelled, samples: [{ timestamp, value }] }],
					budgets.write,
				);
				entry.outcome = { result: "acknowledged", at: clusterNow() };
			} catch (error) {
				entry.outcome = outcomeOf(error);
			}
		}
	})();
	return {
		history,
		series: { name, labels },
		selector: makeSelector(name, labels),
		stop: async () => {
			stopping.abort();
			await writing;
		},
	};
}

async function* ticks(signal: AbortSignal): AsyncGenerator<void> {
	try {
		yield* pace(everyMilliseconds, undefined, { signal });
	} catch (error) {
		if (!signal.aborted) throw error;
	}
}
