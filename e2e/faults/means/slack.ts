import type { SlackClient } from "../../clients/slack.ts";
import { type Fault, makeFault } from "../../common/fault.ts";

/** How Slack refuses messages. */
export interface SlackRefusal {
	readonly status: number;
	readonly body: string;
	/** Seconds. */
	readonly retryAfter?: number;
}

/** Slack refuses the next messages, and takes those after them. */
export function makeSlackRefusals(
	slack: SlackClient,
	refusal: SlackRefusal,
	count: number,
): Fault {
	return makeFault(
		`Slack answers ${refusal.status}`,
		() => slack.fail({ count, ...refusal }),
		() => slack.fail({ count: 0, ...refusal }),
	);
}
