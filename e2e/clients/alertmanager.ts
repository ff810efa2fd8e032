import { z } from "zod";
import type { ProxyClient } from "./api-server/proxy.ts";
import { type ExposedSample, readMetrics } from "./exposition.ts";
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
});

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

	/** @param findEach all Alertmanagers that are sent alerts; by default only this one */
	constructor(
		proxy: ProxyClient,
		findEach?: () => Promise<AlertmanagerClient[]>,
	) {
		this.#proxy = proxy;
		this.#findEach = findEach ?? (async () => [this]);
	}

	/** The Alertmanager of a namespace, reached by the Service that the operator creates for it. */
	static inNamespace(kube: KubeClient, namespace: string): AlertmanagerClient {
		const findEach = async () => {
			const pods = await listPodsOfService(kube, namespace, service);
			return pods.map(
				({ metadata: { name } }) =>
					new AlertmanagerClient(
						kube.proxy({ namespace, kind: "pods", name, port }),
					),
			);
		};
		return new AlertmanagerClient(
			kube.proxy({ namespace, kind: "services", name: service, port }),
			findEach,
		);
	}

	/** Each replica, which has its own alerts and metrics. */
	each(): Promise<AlertmanagerClient[]> {
		return this.#findEach();
	}

	/** The loaded configuration, as YAML. Alertmanager blanks the secrets in it. */
	async config(): Promise<string> {
		const answer = await this.#proxy.get("/api/v2/status");
		return answer.read(status).config.original;
	}

	/** All unresolved alerts that match every matcher, e.g. `severity="critical"`; suppressed ones too. */
	async alerts(...matchers: string[]): Promise<AlertmanagerAlert[]> {
		const answer = await this.#proxy.get("/api/v2/alerts", {
			filter: matchers,
		});
		return answer.read(z.array(alert));
	}

	/** Posts alerts to every replica, as Prometheus does: they do not pass alerts on to each other. */
	async post(alerts: readonly PostedAlert[]): Promise<void> {
		const each = await this.#findEach();
		await Promise.all(
			each.map((one) => one.#proxy.post("/api/v2/alerts", alerts)),
		);
	}

	/** Alertmanager's own metrics. */
	metrics(): Promise<ExposedSample[]> {
		return readMetrics(this.#proxy);
	}
}
