import type { Answer, ApiServer, RequestOptions } from "./api-server.ts";
import type { Query } from "./encode.ts";
import { isNotFound } from "./kube-error.ts";

/** A port of a Service or pod that the API server's proxy reaches. */
export interface ProxiedService {
	readonly namespace: string;
	readonly kind: "services" | "pods";
	readonly name: string;
	/** The number, or the name of a Service's port. */
	readonly port: number | string;
	/** `http` by default. */
	readonly scheme?: "http" | "https";
	/** Of every path; by default there is none. */
	readonly prefix?: PathPrefix;
}

/** A path before all others that has to be read from the cluster, and may change. */
export interface PathPrefix {
	/** e.g. `/prometheus`; empty if there is none */
	read(): Promise<string>;
	/** Has it read again. */
	forget(): void;
}

/** HTTP to a Service or pod through the API server's proxy. Every call throws KubeError unless the answer is 2xx. */
export class ProxyClient {
	readonly #server: ApiServer;
	readonly #root: string;
	readonly #headers: Readonly<Record<string, string>>;
	readonly #prefix: PathPrefix | undefined;

	private constructor(
		server: ApiServer,
		root: string,
		headers: Readonly<Record<string, string>> = {},
		prefix?: PathPrefix,
	) {
		this.#server = server;
		this.#root = root;
		this.#headers = headers;
		this.#prefix = prefix;
	}

	static to(server: ApiServer, service: ProxiedService): ProxyClient {
		const { namespace, kind, scheme, name, port, prefix } = service;
		const target = `${scheme === "https" ? "https:" : ""}${name}:${port}`;
		const root = `/api/v1/namespaces/${namespace}/${kind}/${target}/proxy`;
		return new ProxyClient(server, root, {}, prefix);
	}

	/** The same target, with a prefix to every path and further headers on every request. */
	below(
		path: string,
		headers: Readonly<Record<string, string>> = {},
	): ProxyClient {
		const all = { ...this.#headers, ...headers };
		const prefix = this.#prefix && {
			read: async () => `${await this.#prefix?.read()}${path}`,
			forget: () => this.#prefix?.forget(),
		};
		return prefix
			? new ProxyClient(this.#server, this.#root, all, prefix)
			: new ProxyClient(this.#server, this.#root + path, all);
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

	async request(
		method: string,
		path: string,
		{ headers, ...options }: RequestOptions = {},
	): Promise<Answer> {
		const prefix = (await this.#prefix?.read()) ?? "";
		try {
			return await this.#server.request(method, this.#root + prefix + path, {
				...options,
				headers: { ...this.#headers, ...headers },
			});
		} catch (error) {
			// An upgrade may have changed it.
			if (isNotFound(error)) this.#prefix?.forget();
			throw error;
		}
	}
}
