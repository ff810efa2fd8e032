/** A part of an action of Go's templates, such as `$labels`, `.instance` or `"a text"`. */
export interface Token {
	readonly kind: Kind;
	readonly text: string;
	/** Whether a blank is before it. */
	readonly spaced: boolean;
}
type Kind =
	| "text"
	| "number"
	| "variable"
	| "field"
	| "dot"
	| "word"
	| "sign"
	| "other";

/** An action, from `{{` to `}}`, and where the text goes on. */
export interface Action {
	readonly tokens: readonly Token[];
	readonly content: string;
	readonly end: number;
}

const kinds: readonly (readonly [Kind, RegExp])[] = [
	["text", /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'/y],
	["number", /[+-]?(?:\.\d|\d)[\w.]*(?:(?<=[eEpP])[+-]\d+)?/y],
	["variable", /\$[\p{L}\p{N}_]*/uy],
	["field", /\.[\p{L}_][\p{L}\p{N}_]*/uy],
	["dot", /\./y],
	["word", /[\p{L}_][\p{L}\p{N}_]*/uy],
	["sign", /:=|[=|,()]/y],
	["other", /\S/y],
];

/** The action that begins at a place of a text; undefined if it is not closed. */
export function actionAt(text: string, start: number): Action | undefined {
	const comment = /\{\{(?:-\s+)?\/\*[\s\S]*?\*\/(?:\s+-)?\}\}/y;
	comment.lastIndex = start;
	const commented = comment.exec(text)?.[0];
	if (commented !== undefined)
		return { tokens: [], content: "/*", end: start + commented.length };
	const tokens: Token[] = [];
	const trimmed = /-\s/y;
	trimmed.lastIndex = start + 2;
	const first = start + (trimmed.test(text) ? 3 : 2);
	let at = first;
	for (;;) {
		const before = at;
		while (/\s/.test(text.charAt(at))) at++;
		const spaced = at > before || at === first;
		const rest = text.slice(at, at + 3);
		const length = rest.startsWith("}}")
			? 2
			: rest === "-}}" && spaced
				? 3
				: undefined;
		if (length !== undefined)
			return {
				tokens,
				content: text.slice(first, before).trim(),
				end: at + length,
			};
		const token = tokenAt(text, at, spaced);
		if (!token) return undefined;
		tokens.push(token);
		at += token.text.length;
	}
}

function tokenAt(text: string, at: number, spaced: boolean): Token | undefined {
	for (const [kind, pattern] of kinds) {
		pattern.lastIndex = at;
		const found = pattern.exec(text)?.[0];
		// A quote that nothing ends.
		if (kind === "other" && found && /["'`]/.test(found)) return undefined;
		if (found) return { kind, text: found, spaced };
	}
	return undefined;
}
