import { z } from "zod";
import { type ExposedSample, parseExposition } from "./exposition.ts";
import type { KubeClient } from "./kubernetes.ts";
import type { ProxyClient } from "./proxy.ts";

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

/** An alert as a client of Alertmanager, Prometheus for one, sends it. */
export interface PostedAlert {
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	/** RFC 3339; an alert is resolved from then on. */
	readonly endsAt?: string;
}

/** Alertmanager's HTTP API. Every call throws KubeError unless it answers 2xx. */
export class AlertmanagerClient {
	readonly #proxy: ProxyClient;

	constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** The Alertmanager of a namespace, by the service that the operator makes for every one. */
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

	/** The configuration that is loaded, as YAML; Alertmanager blanks what it knows to be secret. */
	async config(): Promise<string> {
		const answer = await this.#proxy.get("/api/v2/status");
		return status.parse(answer.json()).config.original;
	}

	/** All alerts that are not resolved, suppressed ones too; matchers are ANDed, e.g. `severity="critical"`. */
	async alerts(...matchers: string[]): Promise<AlertmanagerAlert[]> {
		const answer = await this.#proxy.get("/api/v2/alerts", {
			filter: matchers,
		});
		return z.array(alert).parse(answer.json());
	}

	async post(alerts: readonly PostedAlert[]): Promise<void> {
		await this.#proxy.post("/api/v2/alerts", alerts);
	}

	/** What Alertmanager counts about itself. */
	async metrics(): Promise<ExposedSample[]> {
		return parseExposition((await this.#proxy.get("/metrics")).text);
	}
}
