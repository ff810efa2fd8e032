import { findLoggedError } from "../common/parsing/logged-error.ts";

const longest = 300;

/**
 * Why Alertmanager could not send a notification for the last time, in its own words, as a clause; empty if its log does
 * not say.
 */
export function quoteLastFailure(log: string): string {
	const error = findLastFailure(log);
	return error ? `, the last one because of ${error}` : "";
}

/**
 * Why Alertmanager could not send a notification for the last time, in its own words; undefined if its log does not say.
 *
 * @param receiver only what could not be sent to its Slack
 */
export function findLastFailure(
	log: string,
	receiver?: string,
): string | undefined {
	return findLoggedError(
		log,
		(line) =>
			/level["=:]+(error|warn)/i.test(line) &&
			/\bnotify\b/i.test(line) &&
			(receiver === undefined || isOf(receiver, line)),
	)?.slice(0, longest);
}

/** Alertmanager says whose error it is in front of it, and while it tries again, in a field. */
function isOf(receiver: string, line: string): boolean {
	return (
		new RegExp(`["=]${RegExp.escape(receiver)}/slack\\[`).test(line) ||
		new RegExp(`\\breceiver"?[=:]"?${RegExp.escape(receiver)}[" ]`).test(line)
	);
}
