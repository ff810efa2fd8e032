import { uniqBy } from "es-toolkit";
import { z } from "zod";
import type { ProxyClient } from "./api-server/proxy.ts";
import { readRoutePrefix } from "./api-server/route-prefix.ts";
import { type ExposedSample, readMetrics } from "./exposition.ts";
import { hasCondition } from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";
import { listPodsOfService } from "./service-pods.ts";

const labels = z.record(z.string(), z.string());
const receiver = z.looseObject({ name: z.string() });

const alert = z.looseObject({
	fingerprint: z.string(),
	labels,
	annotations: labels,
	startsAt: z.string(),
	endsAt: z.string(),
	receivers: z.array(receiver),
	status: z.looseObject({
		state: z.enum(["active", "suppressed", "unprocessed"]),
		/** Fingerprints of the alerts that inhibit this one. */
		inhibitedBy: z.array(z.string()),
		silencedBy: z.array(z.string()),
	}),
});
export type AlertmanagerAlert = z.infer<typeof alert>;

const status = z.looseObject({
	config: z.looseObject({ original: z.string() }),
	/** The replicas that it knows, itself among them; none if it runs by itself. */
	cluster: z
		.looseObject({
			peers: z.array(z.looseObject({ address: z.string() })).nullish(),
		})
		.nullish(),
});

const silence = z.looseObject({
	id: z.string(),
	status: z.looseObject({ state: z.enum(["expired", "active", "pending"]) }),
});
export type AlertmanagerSilence = z.infer<typeof silence>;

/** A silence as a person sets it. */
export interface PostedSilence {
	/** Labels and their values that an alert must have. */
	readonly labels: Readonly<Record<string, string>>;
	/** Milliseconds since the epoch. */
	readonly from: number;
	readonly to: number;
	readonly comment: string;
}

/** An alert as a client of Alertmanager sends it, for example Prometheus. */
export interface PostedAlert {
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	/** RFC 3339: the alert is resolved from then on. */
	readonly endsAt?: string;
}

const service = "alertmanager-operated";
const port = 9093;

/** Alertmanager's HTTP API. Every call throws KubeError unless the answer is 2xx. */
export class AlertmanagerClient {
	readonly #proxy: ProxyClient;
	readonly #findEach: () => Promise<AlertmanagerClient[]>;
	readonly #readLog: () => Promise<string>;

	/**
	 * @param findEach all Alertmanagers that are sent alerts; by default only this one
	 * @param readLog of this one
	 */
	constructor(
		proxy: ProxyClient,
		{
			findEach,
			readLog,
		}: {
			readonly findEach?: () => Promise<AlertmanagerClient[]>;
			readonly readLog?: () => Promise<string>;
		} = {},
	) {
		this.#proxy = proxy;
		this.#findEach = findEach ?? (async () => [this]);
		this.#readLog = readLog ?? (async () => "");
	}

	/** The Alertmanager of a namespace, reached by the Service that the operator creates for it. */
	static inNamespace(kube: KubeClient, namespace: string): AlertmanagerClient {
		const prefix = readRoutePrefix(kube, namespace, "Alertmanager");
		const findEach = async () => {
			const pods = await listPodsOfService(kube, namespace, service);
			const ready = pods.filter((each) => hasCondition(each, "Ready"));
			return ready.map(
				({ metadata: { name } }) =>
					new AlertmanagerClient(
						kube.proxy({ namespace, kind: "pods", name, port, prefix }),
						{
							readLog: () =>
								kube.logs(namespace, name, {
									container: "alertmanager",
									sinceSeconds: 600,
								}),
						},
					),
			);
		};
		return new AlertmanagerClient(
			kube.proxy({ namespace, kind: "services", name: service, port, prefix }),
			{ findEach },
		);
	}

	/** Each replica that is Ready: it has its own alerts and metrics. */
	async each(): Promise<AlertmanagerClient[]> {
		const replicas = await this.#findEach();
		// Without any, the Service says so.
		return replicas.length > 0 ? replicas : [this];
	}

	/** The loaded configuration, as YAML. Alertmanager blanks the secrets in it. */
	async config(): Promise<string> {
		const answer = await this.#proxy.get("/api/v2/status");
		return answer.read(status).config.original;
	}

	/** The addresses, as `host:port`, of the replicas that it knows, itself included; none if it runs by itself. */
	async peers(): Promise<string[]> {
		const answer = await this.#proxy.get("/api/v2/status");
		return (answer.read(status).cluster?.peers ?? []).map(
			({ address }) => address,
		);
	}

	/**
	 * All unresolved alerts that match every matcher, e.g. `severity="critical"`; suppressed ones too. Replicas do not pass
	 * alerts on to each other, so each is asked: what sends to their Service reaches only one.
	 */
	async alerts(...matchers: string[]): Promise<AlertmanagerAlert[]> {
		const each = await this.each();
		const all = await Promise.all(
			each.map(async (one) => {
				const answer = await one.#proxy.get("/api/v2/alerts", {
					filter: matchers,
				});
				return answer.read(z.array(alert));
			}),
		);
		return uniqBy(all.flat(), ({ labels }) =>
			JSON.stringify(Object.entries(labels).sort()),
		);
	}

	/** Posts alerts to every replica, as Prometheus does: they do not pass alerts on to each other. */
	async post(alerts: readonly PostedAlert[]): Promise<void> {
		const each = await this.each();
		await Promise.all(
			each.map((one) => one.#proxy.post("/api/v2/alerts", alerts)),
		);
	}

	/** Sets a silence: replicas pass it on to each other. @returns its id */
	async silence({ labels, from, to, comment }: PostedSilence): Promise<string> {
		const answer = await this.#proxy.post("/api/v2/silences", {
			matchers: Object.entries(labels).map(([name, value]) => ({
				name,
				value,
				isRegex: false,
				isEqual: true,
			})),
			startsAt: new Date(from).toISOString(),
			endsAt: new Date(to).toISOString(),
			createdBy: "o11y-e2e",
			comment,
		});
		return answer.read(z.looseObject({ silenceID: z.string() })).silenceID;
	}

	/** The silences that it knows, also those that have expired. */
	async silences(): Promise<AlertmanagerSilence[]> {
		const answer = await this.#proxy.get("/api/v2/silences");
		return answer.read(z.array(silence));
	}

	/** The logs of all replicas since ten minutes ago, one after the other; empty if they cannot be read. */
	async logs(): Promise<string> {
		const each = await this.each();
		const all = await Promise.allSettled(each.map((one) => one.#readLog()));
		return all
			.map((log) => (log.status === "fulfilled" ? log.value : ""))
			.join("\n");
	}

	/** Alertmanager's own metrics. */
	metrics(): Promise<ExposedSample[]> {
		return readMetrics(this.#proxy);
	}
}
