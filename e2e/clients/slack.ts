import { z } from "zod";
import type { ProxyClient } from "./api-server/proxy.ts";
import type { KubeClient } from "./kubernetes.ts";

const text = z.string().default("");
const payload = z.looseObject({
	channel: text,
	/** Of an edit: the message that it changes. */
	ts: z.string().optional(),
	attachments: z
		.array(z.looseObject({ color: text, title: text, text }))
		.default([]),
});

const request = z.looseObject({
	/** Grows with each request. */
	id: z.number(),
	time: z.string(),
	method: z.string(),
	/** Which of the environment's webhooks, or of its bot's tokens, was used: 1, or 2 after its rotation. */
	webhook: z.number().nullable(),
	userAgent: z.string(),
	payload: z.nullable(payload),
	answer: z.looseObject({ status: z.number(), body: z.string() }),
});
export type SlackRequest = z.infer<typeof request>;
export type SlackPayload = z.infer<typeof payload>;

const record = z.looseObject({
	lastId: z.number(),
	requests: z.array(request),
});

/** The namespace of the mock. */
export const slackNamespace = "slack-mock";

/** The control API of Slack's mock. */
export class SlackClient {
	readonly #proxy: ProxyClient;

	constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** The mock of `fixtures/slack-mock/deployment.yaml`. */
	static inCluster(kube: KubeClient): SlackClient {
		return new SlackClient(
			kube.proxy({
				namespace: slackNamespace,
				kind: "services",
				name: "slack-mock",
				port: 80,
			}),
		);
	}

	/** All requests to a webhook or by a bot, refused ones too, oldest first. @param after only those after this id */
	async requests(after = 0): Promise<SlackRequest[]> {
		return (await this.#ask(after)).requests;
	}

	/** The id of the last request, 0 before the first. */
	async lastId(): Promise<number> {
		return (await this.#ask(Number.MAX_SAFE_INTEGER)).lastId;
	}

	/** Makes the mock refuse the next requests. */
	async fail(how: {
		readonly count: number;
		readonly status: number;
		readonly body?: string;
		/** Seconds. */
		readonly retryAfter?: number;
	}): Promise<void> {
		await this.#proxy.post("/_control/fail", how);
	}

	async #ask(after: number): Promise<z.infer<typeof record>> {
		const answer = await this.#proxy.get("/_control/requests", { after });
		return answer.read(record);
	}
}

/** Whether a message contains each of these words as a whole word. */
export function mentions(
	message: SlackPayload,
	words: readonly string[],
): boolean {
	const found = new Set(
		textsIn(message).flatMap((each) => each.split(/[^\w-]+/)),
	);
	return words.every((word) => found.has(word));
}

function textsIn(value: unknown): string[] {
	if (typeof value === "string") return [value];
	if (typeof value !== "object" || value === null) return [];
	return Object.values(value).flatMap(textsIn);
}
