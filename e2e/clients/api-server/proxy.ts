import type { Answer, ApiServer, Query, RequestOptions } from "./api-server.ts";

/** A port of a Service or pod that the API server's proxy reaches. */
export interface ProxiedService {
	readonly namespace: string;
	readonly kind: "services" | "pods";
	readonly name: string;
	/** The number, or the name of a Service's port. */
	readonly port: number | string;
	/** `http` by default. */
	readonly scheme?: "http" | "https";
}

/** HTTP to a Service or pod through the API server's proxy. Every call throws KubeError unless the answer is 2xx. */
export class ProxyClient {
	readonly #server: ApiServer;
	readonly #root: string;
	readonly #headers: Readonly<Record<string, string>>;

	private constructor(
		server: ApiServer,
		root: string,
		headers: Readonly<Record<string, string>> = {},
	) {
		this.#server = server;
		this.#root = root;
		this.#headers = headers;
	}

	static to(server: ApiServer, service: ProxiedService): ProxyClient {
		const { namespace, kind, scheme, name, port } = service;
		const target = `${scheme === "https" ? "https:" : ""}${name}:${port}`;
		const root = `/api/v1/namespaces/${namespace}/${kind}/${target}/proxy`;
		return new ProxyClient(server, root);
	}

	/** The same target, with a prefix to every path and further headers on every request. */
	below(
		path: string,
		headers: Readonly<Record<string, string>> = {},
	): ProxyClient {
		return new ProxyClient(this.#server, this.#root + path, {
			...this.#headers,
			...headers,
		});
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
		{ headers, ...options }: RequestOptions = {},
	): Promise<Answer> {
		return this.#server.request(method, this.#root + path, {
			...options,
			headers: { ...this.#headers, ...headers },
		});
	}
}
