import { z } from "zod";
import type { ProxyClient } from "./api-server/proxy.ts";
import { type ExposedSample, readMetrics } from "./exposition.ts";
import type { KubeClient } from "./kubernetes.ts";

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

/** Alertmanager's HTTP API. Every call throws KubeError unless the answer is 2xx. */
export class AlertmanagerClient {
	readonly #proxy: ProxyClient;

	constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** The Alertmanager of a namespace, reached by the Service that the operator creates for it. */
	static inNamespace(kube: KubeClient, namespace: string): AlertmanagerClient {
		return new AlertmanagerClient(
			kube.proxy({
				namespace,
				kind: "services",
				name: "alertmanager-operated",
				port: 9093,
			}),
		);
	}

	/** The loaded configuration, as YAML. Alertmanager blanks the secrets in it. */
	async config(): Promise<string> {
		const answer = await this.#proxy.get("/api/v2/status");
		return status.parse(answer.json()).config.original;
	}

	/** All unresolved alerts that match every matcher, e.g. `severity="critical"`; suppressed ones too. */
	async alerts(...matchers: string[]): Promise<AlertmanagerAlert[]> {
		const answer = await this.#proxy.get("/api/v2/alerts", {
			filter: matchers,
		});
		return z.array(alert).parse(answer.json());
	}

	async post(alerts: readonly PostedAlert[]): Promise<void> {
		await this.#proxy.post("/api/v2/alerts", alerts);
	}

	/** Alertmanager's own metrics. */
	metrics(): Promise<ExposedSample[]> {
		return readMetrics(this.#proxy);
	}
}
