import { z } from "zod";
import type { ProxyClient } from "./api-server/proxy.ts";
import type { KubeClient } from "./kubernetes.ts";

const request = z.looseObject({
	/** Grows with each request. */
	id: z.number(),
	time: z.string(),
	path: z.string(),
	/** The secret that was asked for; null if the request was for anything else. */
	name: z.string().nullable(),
	userAgent: z.string(),
	token: z.enum(["valid", "wrong", "missing"]),
	/** Whether the caller named the version that it already has. */
	conditional: z.boolean(),
	status: z.number(),
});
export type DopplerRequest = z.infer<typeof request>;

const record = z.looseObject({
	lastId: z.number(),
	requests: z.array(request),
});

/** How Doppler is unavailable: it refuses connections, answers 503, or answers 429. */
export type DopplerOutage = "refused" | "unavailable" | "rate-limited";

/** The control API of Doppler's mock. */
export class DopplerClient {
	readonly #proxy: ProxyClient;

	constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** The mock of `stack/addons/external-secrets.yaml`. */
	static inCluster(kube: KubeClient): DopplerClient {
		return new DopplerClient(
			kube.proxy({
				namespace: "doppler-mock",
				kind: "services",
				name: "doppler-mock",
				port: 8081,
			}),
		);
	}

	/** All requests to Doppler's API that were answered, refused ones too, oldest first. @param after only those after this id */
	async requests(after = 0): Promise<DopplerRequest[]> {
		const answer = await this.#proxy.get("/_control/requests", { after });
		return answer.read(record).requests;
	}

	/** Changes secrets. @param secrets their new values, by name */
	async rotate(secrets: Readonly<Record<string, string>>): Promise<void> {
		await this.#proxy.request("PUT", "/_control/secrets", { body: secrets });
	}

	/** Makes Doppler unavailable until `comeBack`. */
	async goAway(how: DopplerOutage): Promise<void> {
		await this.#proxy.request("PUT", "/_control/outage", { body: { how } });
	}

	async comeBack(): Promise<void> {
		await this.#proxy.delete("/_control/outage");
	}
}
