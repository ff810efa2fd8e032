import { stringify } from "yaml";
import { z } from "zod";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import type { ProxyClient } from "./api-server/proxy.ts";
import type { KubeClient } from "./kubernetes.ts";
import {
	makeAnswer,
	type RuleGroup,
	ruleGroups,
} from "./prometheus-schemas.ts";

const labels = z.record(z.string(), z.string());

/** Querier and ingester can both read stored chunks; in a single binary the ingester does. */
const reader = z.looseObject({
	store: z.looseObject({ totalChunksDownloaded: z.number() }),
});
const found = z.looseObject({
	resultType: z.literal("streams"),
	result: z.array(
		z.looseObject({
			stream: labels,
			/** Nanoseconds, and the line. */
			values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())),
		}),
	),
	stats: z.looseObject({ querier: reader, ingester: reader }),
});

const counted = z.looseObject({
	resultType: z.literal("vector"),
	result: z.array(z.unknown()),
});

/** The result of a log query. */
export interface FoundLogs {
	/** Oldest first. */
	readonly lines: readonly string[];
	/** The names of their streams' labels. */
	readonly labels: readonly string[];
	/** How many chunks Loki says it read from its object store for the query. */
	readonly storedChunks: number;
}

/** A rule of Loki's ruler. */
export interface LokiRule {
	readonly record?: string;
	readonly alert?: string;
	/** LogQL. */
	readonly expr: string;
	readonly labels?: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
}

/** The tenant of the homelab's own logs. */
export const homelabTenant = "homelab";

/** Loki's HTTP API, as a tenant or without one. Every call throws KubeError unless the answer is 2xx. */
export class LokiClient {
	readonly #proxy: ProxyClient;
	readonly #tenant: Readonly<Record<string, string>>;

	/** @param tenant sent with every request; requests name no tenant by default */
	constructor(proxy: ProxyClient, tenant?: string) {
		this.#proxy = proxy;
		this.#tenant = tenant === undefined ? {} : { "X-Scope-OrgID": tenant };
	}

	/** The Loki of `stack/addons/loki.yaml`. */
	static inCluster(kube: KubeClient, tenant?: string): LokiClient {
		const service = { namespace: "loki", name: "loki", port: 3100 } as const;
		return new LokiClient(kube.proxy({ ...service, kind: "services" }), tenant);
	}

	/**
	 * Sends lines. Resolves when Loki has acknowledged them.
	 *
	 * @param time of the lines, in milliseconds; now by default
	 */
	push(
		stream: Readonly<Record<string, string>>,
		lines: readonly string[],
		time = clusterNow(),
	): Promise<void> {
		return this.pushEach([stream], lines, time);
	}

	/** Sends the same lines to several streams at once. */
	async pushEach(
		streams: readonly Readonly<Record<string, string>>[],
		lines: readonly string[],
		time = clusterNow(),
	): Promise<void> {
		const first = inNanoseconds(time);
		const values = lines.map((line, i) => [String(first + BigInt(i)), line]);
		await this.#request("POST", "/loki/api/v1/push", {
			body: { streams: streams.map((stream) => ({ stream, values })) },
		});
	}

	/** How many series a metric query of logs has now. */
	async countSeries(expression: string): Promise<number> {
		const answer = await this.#request("GET", "/loki/api/v1/query", {
			query: { query: expression },
		});
		return answer.read(makeAnswer(counted)).data.result.length;
	}

	/** The log lines of a selector, 1000 at most. @param within milliseconds until now; an hour by default */
	async query(selector: string, within = 3_600_000): Promise<FoundLogs> {
		const now = clusterNow();
		const answer = await this.#request("GET", "/loki/api/v1/query_range", {
			query: {
				query: selector,
				start: String(inNanoseconds(now - within)),
				// Loki's own clock may be ahead.
				end: String(inNanoseconds(now + 60_000)),
				limit: 1000,
				direction: "forward",
			},
		});
		const { data } = answer.read(makeAnswer(found));
		const { querier, ingester } = data.stats;
		return {
			lines: data.result.flatMap(({ values }) =>
				values.map(([, line]) => line),
			),
			labels: [
				...new Set(data.result.flatMap(({ stream }) => Object.keys(stream))),
			],
			storedChunks:
				querier.store.totalChunksDownloaded +
				ingester.store.totalChunksDownloaded,
		};
	}

	/** Asks Loki to write what it holds in memory to its object store, and does not wait for that. */
	async flush(): Promise<void> {
		await this.#request("POST", "/flush");
	}

	/** Sets a rule group of the tenant; one with the same namespace and name is replaced. */
	async setRuleGroup(
		namespace: string,
		group: { name: string; interval: string; rules: readonly LokiRule[] },
	): Promise<void> {
		await this.#request("POST", `/loki/api/v1/rules/${namespace}`, {
			body: stringify(group),
			headers: { "content-type": "application/yaml" },
		});
	}

	/** Removes all rule groups of a namespace of Loki's ruler, which is not one of Kubernetes. */
	async deleteRules(namespace: string): Promise<void> {
		await this.#request("DELETE", `/loki/api/v1/rules/${namespace}`);
	}

	/** The configuration that Loki has loaded, as YAML. Only a part of it should be kept: others may contain passwords. */
	async configText(): Promise<string> {
		return (await this.#request("GET", "/config")).text;
	}

	/** The rule groups that the ruler evaluates for the tenant. */
	async ruleGroups(): Promise<RuleGroup[]> {
		const answer = await this.#request("GET", "/prometheus/api/v1/rules");
		return answer.read(makeAnswer(ruleGroups)).data;
	}

	#request(
		method: string,
		path: string,
		{ headers, ...options }: Parameters<ProxyClient["request"]>[2] = {},
	) {
		return this.#proxy.request(method, path, {
			...options,
			headers: { ...headers, ...this.#tenant },
		});
	}
}

/** @param time milliseconds */
function inNanoseconds(time: number): bigint {
	return BigInt(Math.round(time)) * 1_000_000n;
}
