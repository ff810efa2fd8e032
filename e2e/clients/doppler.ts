import { z } from "zod";
import type { KubeClient } from "./kubernetes.ts";
import type { ProxyClient } from "./proxy.ts";

const request = z.looseObject({
	/** Grows with each request. */
	id: z.number(),
	time: z.string(),
	path: z.string(),
	/** The secret that was asked for, where it was one. */
	name: z.string().nullable(),
	userAgent: z.string(),
	token: z.enum(["valid", "wrong", "missing"]),
	/** Whether the caller named the version that it has already. */
	conditional: z.boolean(),
	status: z.number(),
});
export type DopplerRequest = z.infer<typeof request>;

const told = z.looseObject({ lastId: z.number(), requests: z.array(request) });

/** A way for Doppler to be away: connections are refused, 503, or 429. */
export type DopplerOutage = "refused" | "unavailable" | "rate-limited";

/** Doppler, or rather the control of its mock. */
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

	/** Every request to the API that was answered, refused ones too, oldest first; those after an id where one is given. */
	async requests(after = 0): Promise<DopplerRequest[]> {
		const answer = await this.#proxy.get("/_control/requests", { after });
		return told.parse(answer.json()).requests;
	}

	/** Gives secrets other values, by name. */
	async rotate(secrets: Readonly<Record<string, string>>): Promise<void> {
		await this.#proxy.request("PUT", "/_control/secrets", { body: secrets });
	}

	/** Is away until `comeBack`. */
	async goAway(how: DopplerOutage): Promise<void> {
		await this.#proxy.request("PUT", "/_control/outage", { body: { how } });
	}

	async comeBack(): Promise<void> {
		await this.#proxy.delete("/_control/outage");
	}
}
