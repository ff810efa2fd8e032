import type { Answer, ApiServer, Query, RequestOptions } from "./api-server.ts";

/** A port of a service or pod, as the API server's proxy subresource names it. */
export interface ProxiedService {
	readonly namespace: string;
	readonly kind: "services" | "pods";
	readonly name: string;
	/** Number, or the name of the service's port. */
	readonly port: number | string;
	/** `http` unless told. */
	readonly scheme?: "http" | "https";
}

/** HTTP to something inside the cluster; each call throws KubeError unless the answer is 2xx. */
export class ProxyClient {
	readonly #server: ApiServer;
	readonly #root: string;

	constructor(server: ApiServer, service: ProxiedService) {
		const { namespace, kind, scheme, name, port } = service;
		const target = `${scheme === "https" ? "https:" : ""}${name}:${port}`;
		this.#server = server;
		this.#root = `/api/v1/namespaces/${namespace}/${kind}/${target}/proxy`;
	}

	get(path: string, query?: Query): Promise<Answer> {
		return this.request("GET", path, query ? { query } : {});
	}

	post(
		path: string,
		body?: unknown,
		headers?: Readonly<Record<string, string>>,
	): Promise<Answer> {
		return this.request("POST", path, { body, ...(headers && { headers }) });
	}

	delete(path: string): Promise<Answer> {
		return this.request("DELETE", path);
	}

	request(
		method: string,
		path: string,
		options?: RequestOptions,
	): Promise<Answer> {
		return this.#server.request(method, this.#root + path, options);
	}
}
