import { pushTimeseries } from "prometheus-remote-write";
import type { ProxyClient } from "./proxy.ts";

/** A series as it is written: labels with `__name__` among them. */
export interface WrittenSeries {
	readonly labels: Readonly<Record<string, string>> & {
		readonly __name__: string;
	};
	readonly samples: readonly {
		/** Milliseconds. */
		readonly timestamp: number;
		readonly value: number;
	}[];
}

/**
 * Sends series through the remote write receiver; it has taken them when this returns.
 *
 * @throws KubeError when no 2xx came; the samples may be stored all the same
 */
export async function remoteWrite(
	proxy: ProxyClient,
	series: readonly WrittenSeries[],
	timeout?: number,
): Promise<void> {
	await pushTimeseries(
		series.map((each) => ({
			labels: sortByName(each.labels),
			samples: [...each.samples],
		})),
		{
			url: "/api/v1/write",
			headers: {
				"content-encoding": "snappy",
				"x-prometheus-remote-write-version": "0.1.0",
			},
			fetch: async (path, init) => {
				const answer = await proxy.request("POST", path, {
					...(init && {
						headers: init.headers,
						body: new Uint8Array(init.body),
					}),
					...(timeout && { timeout }),
				});
				return {
					status: answer.status,
					statusText: "",
					text: async () => answer.text,
				};
			},
		},
	);
}

/** The protocol wants labels in order, and the receiver does not sort them. */
function sortByName(labels: WrittenSeries["labels"]) {
	const { __name__, ...others } = labels;
	const sorted = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
	return { __name__, ...Object.fromEntries(sorted) };
}
