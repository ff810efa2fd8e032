import { z } from "zod";
import { formatDuration } from "../common/duration.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import type { ProxyClient } from "./api-server/proxy.ts";
import { type ExposedSample, readMetrics } from "./exposition.ts";
import type { KubeClient } from "./kubernetes.ts";
import {
	type InstantSeries,
	makeAnswer,
	matrix,
	type RangeSeries,
	vector,
} from "./prometheus-schemas.ts";

const store = z.looseObject({
	/** Its address. A query can be restricted to it. */
	name: z.string(),
	lastError: z.string().nullish(),
	/** Milliseconds: the time range of its samples, as it announces it. */
	minTime: z.number(),
	maxTime: z.number(),
});
const stores = z.record(z.string(), z.array(store));

/** The stores that Thanos' query asks, by kind: `sidecar`, `store`. */
export type Stores = z.infer<typeof stores>;

export interface ThanosQuery {
	/** Milliseconds. */
	readonly from: number;
	readonly to: number;
	/** The addresses of the only stores to ask; all by default. */
	readonly only?: readonly string[];
}

/** The HTTP API of Thanos' query. Every call throws KubeError unless the answer is 2xx. */
export class ThanosClient {
	readonly #proxy: ProxyClient;

	constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** Thanos' query at the address that the homelab's Grafana uses. */
	static inNamespace(kube: KubeClient, namespace: string): ThanosClient {
		return new ThanosClient(
			kube.proxy({
				namespace,
				kind: "services",
				name: "thanos-query",
				port: 9090,
			}),
		);
	}

	/** The query's own metrics. */
	metrics(): Promise<ExposedSample[]> {
		return readMetrics(this.#proxy);
	}

	async stores(): Promise<Stores> {
		const answer = await this.#proxy.get("/api/v1/stores");
		return answer.read(makeAnswer(stores)).data;
	}

	/**
	 * The value of an expression at a time (milliseconds).
	 *
	 * @param only as in `ThanosQuery`
	 * @throws KubeError if any of the stores does not answer
	 */
	async query(
		expression: string,
		time: number,
		only?: readonly string[],
	): Promise<InstantSeries[]> {
		const form = makeForm(expression, { time: String(time / 1000) }, only);
		const answer = await this.#proxy.post("/api/v1/query", form);
		return answer.read(makeAnswer(vector)).data.result;
	}

	/** The values of an expression at each step of a range, all in milliseconds. @throws as `query` */
	async queryRange(
		expression: string,
		{ from, to, step }: { from: number; to: number; step: number },
	): Promise<RangeSeries[]> {
		const form = makeForm(expression, {
			start: String(from / 1000),
			end: String(to / 1000),
			step: String(step / 1000),
		});
		const answer = await this.#proxy.post("/api/v1/query_range", form);
		return answer.read(makeAnswer(matrix)).data.result;
	}

	/**
	 * The samples of a selector, and of each replica by itself: to show several as one, Thanos leaves samples out.
	 *
	 * @throws KubeError if any of the stores does not answer
	 */
	async rawSamples(
		selector: string,
		{ from, to, only }: ThanosQuery,
	): Promise<RangeSeries[]> {
		// A range excludes a sample exactly at its start: one more millisecond includes it.
		const expression = `${selector}[${formatDuration(to - from + 1)}]`;
		const time = { time: String(to / 1000), dedup: "false" };
		const form = makeForm(expression, time, only);
		const answer = await this.#proxy.post("/api/v1/query", form);
		return answer.read(makeAnswer(matrix)).data.result;
	}
}

function makeForm(
	query: string,
	more: Readonly<Record<string, string>>,
	only: readonly string[] = [],
): URLSearchParams {
	const all = { query, ...more, partial_response: "false" };
	const form = new URLSearchParams(all);
	for (const __address__ of only)
		form.append("storeMatch[]", makeSelector("", { __address__ }));
	return form;
}
