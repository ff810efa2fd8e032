/** What a schema's description says about a default in the usual words. */
export function describedDefault(
	description: string,
	type: string | undefined,
): unknown {
	const found = wordIn(description);
	if (found === undefined) return undefined;
	const { word, isQuoted } = found;
	if (type === "boolean")
		return word === "true" ? true : word === "false" ? false : undefined;
	if (type === "number" || type === "integer")
		return numberIn(word, description);
	if (type !== "string") return undefined;
	// What is not quoted may be any word; a value of an enumeration begins with a capital letter.
	return isQuoted || /^[A-Z]\w+$|^\/[\w./-]+$/.test(word) ? word : undefined;
}

/**
 * e.g. `Defaults to 10.`, `Default is \"File\"`, `Default: "web"`, `equivalent to the Honor policy`; not `Defaults to A
 * if ..., or B otherwise`.
 */
function wordIn(
	description: string,
): { readonly word: string; readonly isQuoted: boolean } | undefined {
	const [, quote = "", word] =
		/(?:[Dd]efaults?(?: value| policy)?(?:,|:| to| is| of)+|behavior is equivalent to the|which corresponds to the|Value of|will be set to) (\\?["'`])?([\w./*-]+?)(?:\\?["'`])?(?=[\s.,;)]|$)(?! (?:if|when|unless|or) (?!unset|it is))/.exec(
			description,
		) ??
		/(\\?["'`])(\w+)\\?["'`] \(default\)/.exec(description) ??
		/[Ii]f (?:not specified|not set|unset), (?:the default value )?(\\?["'`])?(\w+)\\?["'`]? is used/.exec(
			description,
		) ??
		[];
	return word === undefined ? undefined : { word, isQuoted: quote !== "" };
}

function numberIn(word: string, description: string): number | undefined {
	if (/^0\d+$/.test(word)) return Number.parseInt(word, 8);
	return /^\d+s?$/.test(word) && !/\d (hour|minute)/.test(description)
		? Number.parseInt(word, 10)
		: undefined;
}
