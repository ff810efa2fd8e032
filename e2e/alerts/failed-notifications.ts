const longest = 300;

/**
 * Why Alertmanager could not send a notification for the last time, in its own words, as a clause; empty if its log does
 * not say. It logs either in pairs of a key and a value, or in JSON.
 */
export function quoteLastFailure(log: string): string {
	const line = log
		.split("\n")
		.findLast(
			(each) =>
				/level["=:]+(error|warn)/i.test(each) && /\bnotify\b/i.test(each),
		);
	const [, quoted = ""] =
		/\berr"?[=:]("(?:[^"\\]|\\.)*"|\S+)/.exec(line ?? "") ?? [];
	const error = quoted.replaceAll(/^"|"$/g, "").replaceAll('\\"', '"');
	return error ? `, the last one because of ${error.slice(0, longest)}` : "";
}
