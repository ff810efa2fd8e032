import { setInterval as pace } from "node:timers/promises";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { messageOf } from "../common/errors.ts";
import { makeSelector } from "../common/promql.ts";
import { Ledger } from "./history.ts";

/** Ten numbers a second: fine enough to see where an outage begins and ends, and no wait for numbers is long. */
const everyMilliseconds = 100;
/** A write that hangs is not acknowledged, and must not hold up the next for long. */
const writeTimeout = 2_000;

/** The series that a ledger is written to. */
export interface LedgerSeries {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
}

/** A ledger that is being written, outages or not, until it is stopped. */
export interface StartedLedger {
	readonly ledger: Ledger;
	readonly series: LedgerSeries;
	/** The series as a selector of the query language. */
	readonly selector: string;
	/** Resolves when the last write has been answered. */
	stop(): Promise<void>;
}

/** Begins to write a numbered sequence through the remote write receiver. */
export function startLedger(
	prometheus: PrometheusClient,
	{ name, labels }: LedgerSeries,
): StartedLedger {
	const ledger = new Ledger();
	const stopping = new AbortController();
	const writing = (async () => {
		for await (const _ of ticks(stopping.signal)) {
			const entry = ledger.next();
			const { timestamp, sequence: value } = entry;
			try {
				await prometheus.write(
					[
						{
							labels: { __name__: name, ...labels },
							samples: [{ timestamp, value }],
						},
					],
					writeTimeout,
				);
				entry.acknowledgedAt = Date.now();
			} catch (error) {
				entry.refusal = messageOf(error);
			}
		}
	})();
	return {
		ledger,
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
