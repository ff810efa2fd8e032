import { expect, test } from "vitest";
import { mentions, type SlackPayload } from "./slack.ts";

function makeMessage(attachment: {
	color?: string;
	title?: string;
	text?: string;
}): SlackPayload {
	return {
		channel: "#alerts",
		attachments: [{ color: "", title: "", text: "", ...attachment }],
	};
}

test("a message mentions a word only if it contains it as a whole word", () => {
	const message = makeMessage({
		title: "[FIRING] Disk_7f (critical)",
		text: "ns-a-7f: full\nns-b-7f: full",
	});
	expect(mentions(message, ["Disk_7f", "ns-b-7f", "critical"])).toBe(true);
	expect(mentions(message, ["Disk"])).toBe(false);
	expect(mentions(message, ["a-7f"])).toBe(false);
	expect(mentions(message, ["ns-a-7f", "warning"])).toBe(false);
});
