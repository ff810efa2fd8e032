import { stringify } from "yaml";
import { z } from "zod";
import type { KubeClient } from "./kubernetes.ts";
import {
	makeAnswer,
	type RuleGroup,
	ruleGroups,
} from "./prometheus-schemas.ts";
import type { ProxyClient } from "./proxy.ts";

const labels = z.record(z.string(), z.string());

/** Either may read chunks that are stored; in a single binary it is the ingester. */
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

/** What a log query found. */
export interface FoundLogs {
	/** Oldest first. */
	readonly lines: readonly string[];
	/** How many chunks that it has stored Loki says it has read for this query. */
	readonly storedChunks: number;
}

/** A rule as Loki's ruler takes it, with an expression in LogQL. */
export interface LokiRule {
	readonly record?: string;
	readonly alert?: string;
	readonly expr: string;
	readonly labels?: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
}

/** The tenant of the homelab's own logs. */
export const homelabTenant = "homelab";

/** Loki's HTTP API as one tenant, or as nobody. Every call throws KubeError unless it answers 2xx. */
export class LokiClient {
	readonly #proxy: ProxyClient;
	readonly #tenant: Readonly<Record<string, string>>;

	/** @param tenant left out, no request bears a tenant's name */
	constructor(proxy: ProxyClient, tenant?: string) {
		this.#proxy = proxy;
		this.#tenant = tenant === undefined ? {} : { "X-Scope-OrgID": tenant };
	}

	/** The Loki of `stack/addons/loki.yaml`. */
	static inCluster(kube: KubeClient, tenant?: string): LokiClient {
		const service = { namespace: "loki", name: "loki", port: 3100 } as const;
		return new LokiClient(kube.proxy({ ...service, kind: "services" }), tenant);
	}

	/** Resolves when Loki has acknowledged the lines, which bear the time of now. */
	async push(
		stream: Readonly<Record<string, string>>,
		lines: readonly string[],
	): Promise<void> {
		const now = BigInt(Date.now()) * 1_000_000n;
		const values = lines.map((line, i) => [String(now + BigInt(i)), line]);
		await this.#request("POST", "/loki/api/v1/push", {
			body: { streams: [{ stream, values }] },
		});
	}

	/** The log lines of a selector in the last hour, 1000 at the most. */
	async query(selector: string): Promise<FoundLogs> {
		const answer = await this.#request("GET", "/loki/api/v1/query_range", {
			query: { query: selector, limit: 1000, direction: "forward" },
		});
		const { data } = makeAnswer(found).parse(answer.json());
		const { querier, ingester } = data.stats;
		return {
			lines: data.result.flatMap(({ values }) =>
				values.map(([, line]) => line),
			),
			storedChunks:
				querier.store.totalChunksDownloaded +
				ingester.store.totalChunksDownloaded,
		};
	}

	/** Has Loki write what it holds in memory to its object store, and does not wait for that. */
	async flush(): Promise<void> {
		await this.#request("POST", "/flush");
	}

	/** Gives the tenant a rule group, in the place of one with the same names. */
	async setRuleGroup(
		namespace: string,
		group: { name: string; interval: string; rules: readonly LokiRule[] },
	): Promise<void> {
		await this.#request("POST", `/loki/api/v1/rules/${namespace}`, {
			body: stringify(group),
			headers: { "content-type": "application/yaml" },
		});
	}

	/** Removes all rule groups of a namespace, which is a name in Loki's ruler and none of Kubernetes. */
	async deleteRules(namespace: string): Promise<void> {
		await this.#request("DELETE", `/loki/api/v1/rules/${namespace}`);
	}

	/** The tenant's rule groups that the ruler evaluates. */
	async ruleGroups(): Promise<RuleGroup[]> {
		const answer = await this.#request("GET", "/prometheus/api/v1/rules");
		return makeAnswer(ruleGroups).parse(answer.json()).data.groups;
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
