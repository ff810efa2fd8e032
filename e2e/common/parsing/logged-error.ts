/**
 * Finds the error in the last line of a log that has one, in pairs of a key and a value or in JSON; undefined if none has.
 *
 * @param isAsked which lines count
 */
export function findLoggedError(
	log: string,
	isAsked: (line: string) => boolean = () => true,
): string | undefined {
	const line = log
		.split("\n")
		.findLast((each) => /\berr=|"err":/.test(each) && isAsked(each));
	const [, quoted] =
		/\berr"?[=:]("(?:[^"\\]|\\.)*"|\S+)/.exec(line ?? "") ?? [];
	return quoted?.replaceAll(/^"|"$/g, "").replaceAll('\\"', '"');
}
