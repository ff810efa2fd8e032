import { z } from "zod";
import { formatDuration } from "../common/duration.ts";
import { makeSelector } from "../common/promql.ts";
import { type ExposedSample, parseExposition } from "./exposition.ts";
import type { KubeClient } from "./kubernetes.ts";
import { makeAnswer, matrix, type RangeSeries } from "./prometheus-schemas.ts";
import type { ProxyClient } from "./proxy.ts";

const store = z.looseObject({
	/** Its address, by which a query can be confined to it. */
	name: z.string(),
	lastError: z.string().nullish(),
	/** Milliseconds, of what it says that it has. */
	minTime: z.number(),
	maxTime: z.number(),
});
const stores = z.record(z.string(), z.array(store));

/** What Thanos' query asks, by kind: `sidecar`, `store`. */
export type Stores = z.infer<typeof stores>;

export interface ThanosQuery {
	/** Milliseconds. */
	readonly from: number;
	readonly to: number;
	/** The address of the one that is asked, instead of all. */
	readonly only?: string;
}

/** The HTTP API of Thanos' query. Every call throws KubeError unless it answers 2xx. */
export class ThanosClient {
	readonly #proxy: ProxyClient;

	constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** The query at the address that the homelab's Grafana asks. */
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

	/** What it counts about itself. */
	async metrics(): Promise<ExposedSample[]> {
		return parseExposition((await this.#proxy.get("/metrics")).text);
	}

	async stores(): Promise<Stores> {
		const answer = await this.#proxy.get("/api/v1/stores");
		return makeAnswer(stores).parse(answer.json()).data;
	}

	/** The samples of a selector; an error where any of those asked does not answer. */
	async rawSamples(
		selector: string,
		{ from, to, only }: ThanosQuery,
	): Promise<RangeSeries[]> {
		const form = new URLSearchParams({
			// A range leaves out what is exactly as old as it is long.
			query: `${selector}[${formatDuration(to - from + 1)}]`,
			time: String(to / 1000),
			partial_response: "false",
		});
		if (only) form.set("storeMatch[]", makeSelector("", { __address__: only }));
		const answer = await this.#proxy.post("/api/v1/query", form.toString(), {
			"content-type": "application/x-www-form-urlencoded",
		});
		return makeAnswer(matrix).parse(answer.json()).data.result;
	}
}
