/** A body of Terraform's language: attributes by their names, as expressions, and blocks. */
export interface HclBody {
	readonly attributes: ReadonlyMap<string, string>;
	readonly blocks: readonly HclBlock[];
}

export interface HclBlock {
	/** e.g. `resource` */
	readonly type: string;
	/** e.g. `helm_release` and `stack` */
	readonly labels: readonly string[];
	readonly body: HclBody;
	/** As it is written. */
	readonly source: string;
	/** Where it begins in the text. */
	readonly at: number;
}

/** What is to be skipped as a whole: comments, heredocs and texts. */
const opaque =
	/(?:#[^\n]*|\/\/[^\n]*|\/\*.*?\*\/|<<-?(\w+)\n.*?\n[ \t]*\1(?=\W|$)|"(?:[^"\\$]|\\.|\$(?!\{)|\$\{(?:[^{}"]|"(?:[^"\\]|\\.)*"|\{[^{}]*\})*\})*")/sy;

/** The length of a comment, a heredoc or a text that begins at a place; 0 if none does. */
export function opaqueLength(text: string, at: number): number {
	if (!/["#/<]/.test(text[at] ?? "")) return 0;
	opaque.lastIndex = at;
	return opaque.exec(text)?.[0].length ?? 0;
}

/** Where the bracket that opens at a place closes. */
function closingOf(text: string, at: number): number {
	let depth = 0;
	for (let i = at; i < text.length; i++) {
		const length = opaqueLength(text, i);
		if (length > 0) {
			i += length - 1;
			continue;
		}
		const character = text[i] ?? "";
		if ("([{".includes(character)) depth++;
		if (")]}".includes(character) && --depth === 0) return i;
	}
	return text.length;
}

/** The end of an expression that begins at a place: that of its line, outside of brackets and heredocs. */
function endOfExpression(text: string, at: number): number {
	for (let i = at; i < text.length; i++) {
		const character = text[i] ?? "";
		if (character === "\n") return i;
		const length = opaqueLength(text, i);
		if (length > 0) i += length - 1;
		else if ("([{".includes(character)) i = closingOf(text, i);
	}
	return text.length;
}

/** Reads attributes and blocks; what is neither is passed over. */
export function parseHcl(text: string, offset = 0): HclBody {
	const attributes = new Map<string, string>();
	const blocks: HclBlock[] = [];
	const head = /([\w-]+)((?:[ \t]+(?:"[^"\n]*"|[\w-]+))*)[ \t]*([={])(?![=>])/y;
	for (let i = 0; i < text.length; i++) {
		const length = opaqueLength(text, i);
		if (length > 0) {
			i += length - 1;
			continue;
		}
		head.lastIndex = i;
		const [whole, type = "", labels = "", sign] = head.exec(text) ?? [];
		if (whole === undefined) continue;
		const start = i + whole.length;
		if (sign === "=") {
			const end = endOfExpression(text, start);
			attributes.set(type, text.slice(start, end).trim());
			i = end;
			continue;
		}
		const end = closingOf(text, start - 1);
		blocks.push({
			type,
			labels: [...labels.matchAll(/"([^"]*)"|([\w-]+)/g)].map(
				([, quoted, bare]) => quoted ?? bare ?? "",
			),
			body: parseHcl(text.slice(start, end), offset + start),
			source: text.slice(i, end + 1),
			at: offset + i,
		});
		i = end;
	}
	return { attributes, blocks };
}
