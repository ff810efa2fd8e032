import { setTimeout as pause } from "node:timers/promises";
import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { z } from "zod";
import { budgets } from "../../common/budgets.ts";
import { messageOf } from "../../common/errors.ts";
import { parseJson, parseJsonAs } from "../../common/parsing/parse-as.ts";
import { cutAfter } from "../../common/secrecy/redact.ts";
import { askedWait } from "./rate-limit.ts";

/** A forge refused a request, or did not answer. */
export class ForgeError extends Error {
	override readonly name = "ForgeError";
	/** The HTTP status; undefined if there was no answer. 429 also for a rate limit that is answered with 403. */
	readonly status: number | undefined;

	constructor(
		message: string,
		details: { status?: number; cause?: unknown } = {},
	) {
		super(message, { cause: details.cause });
		this.status = details.status;
	}
}

/** Whether a forge answered with one of these statuses. */
export function isRefused(error: unknown, ...statuses: number[]): boolean {
	return (
		error instanceof ForgeError &&
		error.status !== undefined &&
		statuses.includes(error.status)
	);
}

/** Pages of a list that are read: with a hundred items each, more comments than any pull request has. */
const mostPages = 100;
const longestReason = 300;

type Headers = Readonly<Record<string, string>>;

/**
 * Milliseconds until a forge whose rate limit is used up must take requests again: GitHub asks for at least a minute. That
 * is not slower on a slow machine.
 */
const rateLimitPatience = 180_000;

/** The REST API of a forge, as far as GitHub, Forgejo, Gitea and GitLab agree on it. */
export class ForgeApi {
	readonly #base: string;
	readonly #headers: Headers;
	readonly #pause: (milliseconds: number) => Promise<unknown>;
	// A company's forge may only be reached through its proxy; one without TLS is in the same network.
	readonly #dispatcher = new EnvHttpProxyAgent({ httpProxy: "" });

	/**
	 * @param base e.g. https://api.github.com
	 * @param headers of each request, with the token
	 * @param wait for tests
	 */
	constructor(
		base: string,
		headers: Headers,
		wait: (milliseconds: number) => Promise<unknown> = pause,
	) {
		this.#base = base.replace(/\/$/, "");
		this.#headers = { "user-agent": "o11y-e2e", ...headers };
		this.#pause = wait;
	}

	/** @throws ForgeError, UnexpectedFormError */
	async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
		const { text } = await this.#ask("GET", `${this.#base}${path}`);
		return parseJsonAs(schema, text, `the answer to GET ${path}`);
	}

	/** All pages of a list, as the `Link` header leads from one to the next. @throws ForgeError, UnexpectedFormError */
	async list<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
		const items: T[] = [];
		let next: string | undefined = `${this.#base}${path}`;
		for (let page = 0; next !== undefined && page < mostPages; page++) {
			const { text, headers } = await this.#ask("GET", next);
			const what = `the answer to GET ${path}`;
			items.push(...parseJsonAs(z.array(schema), text, what));
			next = this.#nextPage(headers.link, next);
		}
		return items;
	}

	/** @param body is sent as JSON @throws ForgeError */
	async send(
		method: "POST" | "PATCH" | "PUT",
		path: string,
		body: object,
	): Promise<void> {
		await this.#ask(method, `${this.#base}${path}`, body);
	}

	#nextPage(
		link: string | string[] | undefined,
		from: string,
	): string | undefined {
		const target = /<([^>]+)>;[^,]*\brel="?next"?/.exec(
			[link].flat().join(", "),
		)?.[1];
		if (target === undefined) return undefined;
		const url = new URL(target, from);
		// The token goes nowhere else.
		if (url.origin !== new URL(this.#base).origin)
			throw new ForgeError(
				`${this.#base} says that its next page is on ${url.origin}`,
			);
		return url.href;
	}

	async #ask(method: Dispatcher.HttpMethod, url: string, body?: object) {
		const { pathname } = new URL(url);
		let patience = rateLimitPatience;
		for (;;) {
			const answer = await this.#try(method, url, body);
			const { status, text, headers } = answer;
			if (status >= 200 && status < 300) return answer;
			// GitLab begins its messages with the status.
			const said = reasonIn(text).replace(`${status} `, "");
			const reason = `${method} ${pathname}: ${status} ${said}`;
			const wait = askedWait(status, headers, text, Date.now());
			if (wait === undefined) throw new ForgeError(reason, { status });
			if (wait > patience)
				throw new ForgeError(
					`${reason} (the next try may be in ${Math.ceil(wait / 1000)} s)`,
					{ status: 429 },
				);
			patience -= wait;
			await this.#pause(wait);
		}
	}

	async #try(method: Dispatcher.HttpMethod, url: string, body?: object) {
		try {
			const {
				statusCode,
				headers,
				body: content,
			} = await request(url, {
				method,
				dispatcher: this.#dispatcher,
				headersTimeout: budgets.request,
				bodyTimeout: budgets.request,
				headers: {
					...this.#headers,
					...(body && { "content-type": "application/json" }),
				},
				...(body && { body: JSON.stringify(body) }),
			});
			return { status: statusCode, headers, text: await content.text() };
		} catch (cause) {
			throw new ForgeError(
				`${method} ${new URL(url).pathname}: no answer (${messageOf(cause)})`,
				{ cause },
			);
		}
	}
}

/** GitHub and Gitea have `message`, and GitHub `errors`; GitLab's message may be an object, or it has `error`. */
const refusal = z.looseObject({
	message: z.unknown().optional(),
	error: z.unknown().optional(),
	errors: z.array(z.looseObject({ message: z.string().optional() })).optional(),
});

function reasonIn(text: string): string {
	let body: unknown;
	try {
		body = parseJson(text, "the answer");
	} catch {
		return cutAfter(text.trim(), longestReason);
	}
	const { data } = refusal.safeParse(body);
	const said = data?.message ?? data?.error ?? body;
	const parts = [
		typeof said === "string" ? said : JSON.stringify(said),
		...(data?.errors ?? []).flatMap(({ message }) => message ?? []),
	];
	return cutAfter(parts.join(": "), longestReason);
}
