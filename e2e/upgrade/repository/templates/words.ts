/** Splits at a character, outside of texts and brackets. */
export function splitOutside(text: string, separator: "|" | " "): string[] {
	const parts = [""];
	let depth = 0;
	for (const [token] of text
		.replaceAll(/[\t\n]+/g, " ")
		.matchAll(/`[^`]*`|"(?:[^"\\]|\\.)*"|./g)) {
		if (token === "(") depth++;
		if (token === ")") depth--;
		if (token === separator && depth === 0) parts.push("");
		else parts[parts.length - 1] += token;
	}
	return parts.map((part) => part.trim()).filter(Boolean);
}

/** Takes a word apart: what it begins with, such as `$`, `$name`, `(a b)` or nothing, and the keys after it. */
export function splitKeys(
	word: string,
): { start: string; keys: string[] } | undefined {
	const start = word.startsWith("(")
		? bracketsAt(word)
		: (/^\$\w*/.exec(word)?.[0] ?? "");
	const rest = word.slice(start.length);
	if (rest === "" || rest === ".") return { start, keys: [] };
	return /^(\.[\w-]+)+$/.test(rest)
		? { start, keys: rest.slice(1).split(".") }
		: undefined;
}

/** From the bracket at the beginning to the one that belongs to it. */
function bracketsAt(word: string): string {
	let depth = 0;
	let length = 0;
	for (const [token] of word.matchAll(/`[^`]*`|"(?:[^"\\]|\\.)*"|./gs)) {
		length += token.length;
		if (token === "(") depth++;
		if (token === ")" && --depth === 0) break;
	}
	return word.slice(0, length);
}
