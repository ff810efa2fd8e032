import { setTimeout as sleep } from "node:timers/promises";
import { Agent, type Dispatcher, interceptors, request } from "undici";
import { parse } from "yaml";
import type { z } from "zod";
import { budgets } from "../../common/budgets.ts";
import { messageOf } from "../../common/errors.ts";
import { parseJson, parseJsonAs } from "../../common/parsing/parse-as.ts";
import { rememberSecretsIn } from "../../common/secrecy/in-values.ts";
import { encodeBody, makeQueryString, type Query } from "./encode.ts";
import { isGivenUp, KubeError, reasonIn } from "./kube-error.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { countRequest } from "./request-counts.ts";

export interface RequestOptions {
	readonly query?: Query;
	readonly headers?: Readonly<Record<string, string>>;
	/** Strings and bytes are sent as they are, URLSearchParams as a form, anything else as JSON. */
	readonly body?: unknown;
	/** Milliseconds until the request is given up; `budgets.request` by default. */
	readonly timeout?: number;
}

/** A complete answer with a status of 2xx. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly text: string;
	/** @throws UnexpectedFormError if the body is not JSON */
	json(): unknown;
	/** The body, parsed. @throws UnexpectedFormError naming the request and the fields that are not as expected */
	read<T>(schema: z.ZodType<T>): T;
}

function isTimeout(error: unknown): boolean {
	return error instanceof Error && error.name === "TimeoutError";
}

/** Milliseconds until what the API server has given up is sent again: it has too much to do. */
const pause = 200;

/** HTTPS to a cluster's API server, as the kubeconfig's current user. */
export class ApiServer {
	readonly #origin: string;
	readonly #agent: Agent;
	readonly #dispatcher: Dispatcher;
	readonly #headers: Readonly<Record<string, string>>;

	private constructor(
		origin: string,
		agent: Agent,
		headers: Readonly<Record<string, string>>,
	) {
		this.#origin = origin;
		this.#agent = agent;
		// k3s closes its connections when its certificate changes, which happens when nodes join: a request without an
		// answer is sent again on a new connection. An answer counts, whatever its status.
		this.#dispatcher = agent.compose(
			interceptors.retry({
				maxRetries: 3,
				minTimeout: 100,
				maxTimeout: 1000,
				methods: ["GET", "PUT", "PATCH", "DELETE"],
				statusCodes: [],
				errorCodes: ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"],
			}),
		);
		this.#headers = headers;
	}

	static fromKubeconfig(yaml: string): ApiServer {
		rememberSecretsIn(parse(yaml));
		const access = readKubeconfig(yaml);
		if (!access)
			throw new KubeError("the kubeconfig names no current cluster and user");
		const { server, ca, cert, key, token, skipTlsVerify } = access;
		const agent = new Agent({
			connect: {
				...(ca && { ca }),
				...(cert && { cert }),
				...(key && { key }),
				rejectUnauthorized: !skipTlsVerify,
			},
		});
		return new ApiServer(
			server.replace(/\/$/, ""),
			agent,
			token ? { authorization: `Bearer ${token}` } : {},
		);
	}

	/** @throws KubeError if there is no answer, or one that is not 2xx */
	async request(
		method: string,
		path: string,
		options: RequestOptions = {},
	): Promise<Answer> {
		const until = performance.now() + (options.timeout ?? budgets.request);
		let before = "";
		for (;;) {
			const timeout = until - performance.now();
			try {
				return await this.#send(method, path, { ...options, timeout, before });
			} catch (error) {
				const isLeft = performance.now() + pause < until;
				if (!isLeft || !(error instanceof KubeError)) throw error;
				if (!isGivenUp(error, method, path)) throw error;
				before = `, after ${error.message}`;
				await sleep(pause);
			}
		}
	}

	/** @param options `before` is what was said to the same request before, as the end of a sentence */
	async #send(
		method: string,
		path: string,
		options: RequestOptions & { readonly timeout: number; before: string },
	): Promise<Answer> {
		countRequest(path);
		const { body, type } = encodeBody(options.body);
		const { timeout, before } = options;
		let status: number;
		let headers: Answer["headers"];
		let text: string;
		try {
			const answer = await request(
				this.#origin + path + makeQueryString(options.query),
				{
					method,
					dispatcher: this.#dispatcher,
					headers: { ...type, ...this.#headers, ...options.headers },
					...(body !== undefined && { body }),
					signal: AbortSignal.timeout(Math.ceil(timeout)),
				},
			);
			status = answer.statusCode;
			headers = answer.headers;
			text = await answer.body.text();
		} catch (cause) {
			const reason = isTimeout(cause)
				? `no answer within ${Math.ceil(timeout) / 1000} s${before}`
				: messageOf(cause);
			// Through the proxy, it may be the service behind the API server that did not answer in time.
			const behind = path.includes("/proxy/") && isTimeout(cause);
			const unready = behind ? await this.#whyUnready() : undefined;
			throw new KubeError(
				`${method} ${path}: ${reason}${unready ? `, and the API server is not ready: ${unready}` : ""}`,
				{ cause, noAnswer: !behind || unready !== undefined },
			);
		}
		if (status < 200 || status > 299) {
			const answer = { status, body: text };
			throw new KubeError(`${method} ${path}: ${status} ${reasonIn(text)}`, {
				...answer,
				location: [headers.location].flat()[0],
				// A webhook that is too slow is the stack's.
				noAnswer: isGivenUp(answer, method, path) && !/webhook/.test(text),
			});
		}
		const what = `the answer to ${method} ${path}`;
		return {
			status,
			headers,
			text,
			json: () => parseJson(text, what),
			read: (schema) => parseJsonAs(schema, text, what),
		};
	}

	async #whyUnready(): Promise<string | undefined> {
		try {
			await this.request("GET", "/readyz", { timeout: budgets.health });
			return undefined;
		} catch (error) {
			const { status = 500 } = error instanceof KubeError ? error : {};
			return status < 500 ? undefined : messageOf(error);
		}
	}

	async close(): Promise<void> {
		await this.#agent.close();
	}
}
