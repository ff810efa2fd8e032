import { memoize } from "es-toolkit";
import type { z } from "zod";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import type { Query } from "./api-server/encode.ts";
import type { ProxyClient } from "./api-server/proxy.ts";
import { readRoutePrefix } from "./api-server/route-prefix.ts";
import { shareRead } from "./api-server/shared-read.ts";
import { type ExposedSample, readMetrics } from "./exposition.ts";
import { hasCondition, type Pod } from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";
import { LoadedConfig } from "./loaded-config.ts";
import * as schemas from "./prometheus-schemas.ts";
import {
	receiverIsOff,
	remoteWrite,
	type WrittenSeries,
} from "./remote-write.ts";
import { isFirstReplica, listPodsOfService } from "./service-pods.ts";

const service = "prometheus-operated";
const port = 9090;

/** Prometheus' HTTP API. Every call throws KubeError unless the answer is 2xx. */
export class PrometheusClient {
	readonly #proxy: ProxyClient;
	readonly #findEach: () => Promise<PrometheusClient[]>;
	/** Long answers, which all tests of a claim ask for over and over. */
	readonly #readActive = shareRead(() =>
		this.#get("/targets", schemas.targets, { state: "active" }),
	);
	/** All groups of rules, as they are now. */
	readonly ruleGroups = shareRead(() =>
		this.#get("/rules", schemas.ruleGroups),
	);
	readonly #config = new LoadedConfig(() =>
		this.#get("/status/config", schemas.configurationText),
	);
	/** The pod that is asked, or `Prometheus` where any of them may answer. */
	readonly name: string;

	/** @param findEach all replicas; by default only this one */
	constructor(
		proxy: ProxyClient,
		{
			name = "Prometheus",
			findEach,
		}: {
			readonly name?: string;
			readonly findEach?: () => Promise<PrometheusClient[]>;
		} = {},
	) {
		this.#proxy = proxy;
		this.name = name;
		this.#findEach = findEach ?? (async () => [this]);
	}

	/** The Prometheus of a namespace, reached by the Service that the operator creates for it. */
	static inNamespace(kube: KubeClient, namespace: string): PrometheusClient {
		const prefix = readRoutePrefix(kube, namespace, "Prometheus");
		return new PrometheusClient(
			kube.proxy({ namespace, kind: "services", name: service, port, prefix }),
			{ findEach: replicasOf(kube, namespace) },
		);
	}

	/**
	 * The same, but always the first of several replicas: each has samples, blocks and a WAL of its own, and the Service
	 * leads to any of them.
	 */
	static async firstInNamespace(
		kube: KubeClient,
		namespace: string,
	): Promise<PrometheusClient> {
		const pods = await listPrometheusPods(kube, namespace);
		const first = pods.length > 1 && pods.find(isFirstReplica);
		return first
			? PrometheusClient.ofPod(kube, first, replicasOf(kube, namespace))
			: PrometheusClient.inNamespace(kube, namespace);
	}

	/** The Prometheus that runs in a pod. @param findEach its replicas; by default only this one */
	static ofPod(
		kube: KubeClient,
		{ metadata: { name, namespace = "" } }: Pod,
		findEach?: () => Promise<PrometheusClient[]>,
	): PrometheusClient {
		const prefix = readRoutePrefix(kube, namespace, "Prometheus");
		return new PrometheusClient(
			kube.proxy({ namespace, kind: "pods", name, port, prefix }),
			{ name, ...(findEach && { findEach }) },
		);
	}

	/** Each replica that is Ready: it has a configuration, rules and samples of its own. */
	async each(): Promise<PrometheusClient[]> {
		const replicas = await this.#findEach();
		// Without any, the Service says so.
		return replicas.length > 0 ? replicas : [this];
	}

	/** All targets by default. That is a long answer: every pool drops the pods and endpoints of all others. */
	targets({
		state,
		scrapePool,
	}: {
		state?: "active" | "dropped";
		scrapePool?: string;
	} = {}): Promise<schemas.Targets> {
		return state === "active" && scrapePool === undefined
			? this.#readActive()
			: this.#get("/targets", schemas.targets, { state, scrapePool });
	}

	/** The names of all scrape pools, those without targets included. */
	scrapePools(): Promise<string[]> {
		return this.#get("/scrape_pools", schemas.scrapePools);
	}

	/** The value of an expression now, or at a time (milliseconds). */
	async query(
		expression: string,
		time?: number,
	): Promise<schemas.InstantSeries[]> {
		const data = await this.#query(expression, schemas.vector, time);
		return data.result;
	}

	/** Evaluates an expression of any type and ignores the result. */
	async evaluate(expression: string): Promise<void> {
		await this.#query(expression, schemas.anyResult);
	}

	/** The stored samples of a selector over a range (`5m`) that ends now, or at a time (milliseconds). */
	async rawSamples(
		selector: string,
		range: string,
		time?: number,
	): Promise<schemas.RangeSeries[]> {
		const expression = `${selector}[${range}]`;
		const data = await this.#query(expression, schemas.matrix, time);
		return data.result;
	}

	/**
	 * The names of the metrics that have a sample since a moment (milliseconds). It asks by a query: the API for names
	 * only compares a time range with whole blocks, and has names of hours ago in a head or block of two hours.
	 */
	async metricNames(since: number): Promise<string[]> {
		const range = Math.max(1, Math.ceil(clusterNow() - since));
		const found = await this.query(
			`group by (__name__) (last_over_time({__name__!=""}[${range}ms]))`,
		);
		return found.flatMap(({ metric }) => metric.__name__ ?? []);
	}

	/** How many series of a selector have a sample since a moment (milliseconds). */
	async countSince(selector: string, since: number): Promise<number> {
		const range = Math.max(1, Math.ceil((clusterNow() - since) / 1000));
		const [counted] = await this.query(
			`count(last_over_time(${selector}[${range}s]))`,
		);
		return counted?.value.value ?? 0;
	}

	async alerts(): Promise<schemas.Alert[]> {
		return (await this.#get("/alerts", schemas.alerts)).alerts;
	}

	/** The addresses of the Alertmanagers that Prometheus sends alerts to. */
	alertmanagers(): Promise<string[]> {
		return this.#get("/alertmanagers", schemas.alertmanagers);
	}

	/** The loaded configuration, with the defaults that Prometheus filled in. */
	config(): Promise<schemas.Configuration> {
		return this.#config.parsed();
	}

	/** The loaded configuration as YAML. */
	configText(): Promise<string> {
		return this.#config.text();
	}

	flags(): Promise<Record<string, string>> {
		return this.#get("/status/flags", schemas.flags);
	}

	runtimeInfo(): Promise<schemas.RuntimeInfo> {
		return this.#get("/status/runtimeinfo", schemas.runtimeInfo);
	}

	tsdbStatus(): Promise<schemas.TsdbStatus> {
		return this.#get("/status/tsdb", schemas.tsdbStatus);
	}

	/** Prometheus' own metrics. */
	metrics(): Promise<ExposedSample[]> {
		return readMetrics(this.#proxy);
	}

	/** Writes samples by remote write. Resolves when they are acknowledged. @param timeout milliseconds */
	write(series: readonly WrittenSeries[], timeout?: number): Promise<void> {
		return remoteWrite(this.#proxy, series, timeout);
	}

	/** Why it takes no writes, as a sentence; undefined if it does. */
	async whyNotWritable(): Promise<string | undefined> {
		const flags = await this.flags();
		return flags["web.enable-remote-write-receiver"] === "true"
			? undefined
			: receiverIsOff;
	}

	async #get<T>(path: string, data: z.ZodType<T>, query?: Query): Promise<T> {
		const answer = await this.#proxy.get(`/api/v1${path}`, query);
		return answer.read(schemas.makeAnswer(data)).data;
	}

	/** Queries by POST, because an expression can be too long for a URL. */
	async #query<T>(
		expression: string,
		data: z.ZodType<T>,
		time?: number,
	): Promise<T> {
		const form = new URLSearchParams({ query: expression });
		if (time !== undefined) form.set("time", String(time / 1000));
		const answer = await this.#proxy.post("/api/v1/query", form);
		return answer.read(schemas.makeAnswer(data)).data;
	}
}

/** The pods that Prometheus runs in, one for each replica. */
export function listPrometheusPods(
	kube: KubeClient,
	namespace: string,
): Promise<Pod[]> {
	return listPodsOfService(kube, namespace, service);
}

/** Finds the replicas of a namespace that are Ready. Each has one client, which remembers what it shares. */
function replicasOf(kube: KubeClient, namespace: string) {
	const clientOf = memoize((pod: Pod) => PrometheusClient.ofPod(kube, pod), {
		getCacheKey: ({ metadata }) => metadata.name,
	});
	return async (): Promise<PrometheusClient[]> => {
		const pods = await listPrometheusPods(kube, namespace);
		const ready = pods.filter((each) => hasCondition(each, "Ready"));
		return ready.map((pod) => clientOf(pod));
	};
}
