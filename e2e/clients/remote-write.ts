import { pushTimeseries } from "prometheus-remote-write";
import { KubeError } from "./api-server/kube-error.ts";
import type { ProxyClient } from "./api-server/proxy.ts";

/** A series to write. Its labels include `__name__`. */
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

/** What a person reads wherever something is to be written and the receiver is off. */
export const receiverIsOff =
	'"Remote write receiver is enabled", but Prometheus refuses what is written to it: it is started without --web.enable-remote-write-receiver';

/** Says of a refused write that the receiver is off, if that is Prometheus' answer; other errors stay as they are. */
export function explainRefusal(error: unknown): unknown {
	return error instanceof KubeError &&
		error.status === 404 &&
		// The API server answers 404, too, for a pod or Service that is gone.
		error.body.includes("--web.enable-remote-write-receiver")
		? new KubeError(receiverIsOff, {
				status: error.status,
				body: error.body,
				cause: error,
			})
		: error;
}

/**
 * Sends series to the remote write receiver. Resolves when it has acknowledged them.
 *
 * @param timeout milliseconds
 * @throws KubeError unless the answer is 2xx; the samples may still be stored
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
				const answer = await proxy
					.request("POST", path, {
						...(init && {
							headers: init.headers,
							body: new Uint8Array(init.body),
						}),
						...(timeout && { timeout }),
					})
					.catch((error: unknown) => {
						throw explainRefusal(error);
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

/** The protocol demands sorted labels, and the receiver does not sort them. */
function sortByName(labels: WrittenSeries["labels"]) {
	const { __name__, ...others } = labels;
	const sorted = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
	return { __name__, ...Object.fromEntries(sorted) };
}
