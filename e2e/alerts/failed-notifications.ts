import { findLoggedError } from "../common/parsing/logged-error.ts";

const longest = 300;

/**
 * Why Alertmanager could not send a notification for the last time, in its own words, as a clause; empty if its log does
 * not say.
 */
export function quoteLastFailure(log: string): string {
	const error = findLoggedError(
		log,
		(line) => /level["=:]+(error|warn)/i.test(line) && /\bnotify\b/i.test(line),
	);
	return error ? `, the last one because of ${error.slice(0, longest)}` : "";
}
