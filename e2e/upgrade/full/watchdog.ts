import { setInterval as pace } from "node:timers/promises";
import type { AlertmanagerClient } from "../../clients/alertmanager.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";

const every = 1_000;

/** The chart's alert that always fires. */
export const watchdog = "Watchdog";

/** Asks Alertmanager's API for Watchdog until it is stopped. */
export interface StartedWatch {
	/** When it was seen, in milliseconds, ascending. */
	readonly times: readonly number[];
	stop(): Promise<void>;
}

/** Starts to watch; without an answer Watchdog counts as not seen. */
export function startWatch(alertmanager: AlertmanagerClient): StartedWatch {
	const times: number[] = [];
	const stopping = new AbortController();
	const { signal } = stopping;
	const watching = (async () => {
		try {
			for await (const _ of pace(every, undefined, { signal })) {
				const found = await alertmanager
					.alerts(`alertname="${watchdog}"`)
					.catch(() => []);
				if (found.length > 0) times.push(clusterNow());
			}
		} catch (error) {
			if (!signal.aborted) throw error;
		}
	})();
	return {
		times,
		stop: async () => {
			stopping.abort();
			await watching;
		},
	};
}
