import http from "node:http";
import https from "node:https";
import type { SourceKind } from "./settings.ts";

/** Where the API server is, and how to authenticate. */
export interface Cluster {
	readonly origin: string;
	readonly ca?: string;
	/** Read for each request: Kubernetes renews it. */
	readonly token: () => string;
}

/** A ConfigMap or Secret. */
export interface SourceObject {
	readonly metadata: {
		readonly name: string;
		readonly namespace: string;
		readonly resourceVersion: string;
		readonly annotations?: Readonly<Record<string, string>>;
	};
	/** Text of a ConfigMap, base64 of a Secret. */
	readonly data?: Readonly<Record<string, string>> | null;
	readonly binaryData?: Readonly<Record<string, string>> | null;
}

/** Objects of one kind. */
export interface SourcePlace {
	readonly kind: SourceKind;
	/** `undefined` stands for all of them. */
	readonly namespace: string | undefined;
}

interface SourceList {
	readonly metadata: { readonly resourceVersion: string };
	readonly items: readonly SourceObject[];
}

interface WatchEvent {
	readonly type: string;
	readonly object: SourceObject;
}

/** The API server's labelled ConfigMaps and Secrets. */
export class SourceApi {
	readonly #cluster: Cluster;
	readonly #labelSelector: string;

	constructor(cluster: Cluster, labelSelector: string) {
		this.#cluster = cluster;
		this.#labelSelector = labelSelector;
	}

	async list(place: SourcePlace, signal: AbortSignal): Promise<SourceList> {
		const response = await this.#get(place, {}, signal);
		let text = "";
		for await (const chunk of response) text += chunk;
		return JSON.parse(text);
	}

	/** Events since a version, until the API server ends the watch. */
	async *watch(
		place: SourcePlace,
		resourceVersion: string,
		signal: AbortSignal,
	): AsyncGenerator<WatchEvent> {
		const response = await this.#get(
			place,
			{ watch: "true", allowWatchBookmarks: "true", resourceVersion },
			signal,
		);
		for await (const line of linesOf(response)) yield JSON.parse(line);
	}

	/** An answer of 200, not read yet. */
	#get(
		{ kind, namespace }: SourcePlace,
		query: Readonly<Record<string, string>>,
		signal: AbortSignal,
	): Promise<http.IncomingMessage> {
		const { origin, ca, token } = this.#cluster;
		const path = namespace ? `/namespaces/${namespace}` : "";
		const url = new URL(`${origin}/api/v1${path}/${kind}s`);
		const labelSelector = this.#labelSelector;
		for (const [key, value] of Object.entries({ labelSelector, ...query }))
			url.searchParams.set(key, value);
		const { get } = url.protocol === "https:" ? https : http;
		return new Promise((resolve, reject) => {
			const request = get(
				url,
				{
					...(ca && { ca }),
					headers: { authorization: `Bearer ${token()}` },
					signal,
				},
				(response) => {
					if (response.statusCode === 200) return resolve(response);
					response.resume();
					reject(new Error(`the API server answers ${response.statusCode}`));
				},
			);
			request.on("error", reject);
			// Without it, a connection that died silently would be waited on forever.
			request.on("socket", (socket) => socket.setKeepAlive(true, 30_000));
		});
	}
}

/** Its lines as they come. When the reader stops, the answer is closed. */
async function* linesOf(
	response: http.IncomingMessage,
): AsyncGenerator<string> {
	let rest = "";
	response.setEncoding("utf8");
	for await (const chunk of response) {
		const lines = (rest + chunk).split("\n");
		rest = lines.pop() ?? "";
		yield* lines.filter(Boolean);
	}
}
