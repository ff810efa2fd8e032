import type { NotificationCounts } from "./notifications.ts";

/** The planted alerts that are to reach Slack. */
export const notified = [
	"critical",
	"warning",
	"suppressor",
	"otherSuppressor",
	"otherNamespace",
	"otherName",
] as const;

/** The messages that Slack should have: these about each alert that is to reach it, none about the others. */
export function expectCounts(
	counts: NotificationCounts,
): Record<string, NotificationCounts> {
	const none = { firing: 0, resolved: 0 };
	return {
		...Object.fromEntries([...notified, "canary"].map((key) => [key, counts])),
		suppressed: none,
		infoInhibitor: none,
		watchdog: none,
	};
}
