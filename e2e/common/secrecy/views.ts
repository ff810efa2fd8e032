import { isUtf8 } from "node:buffer";

/** A text of which some escapes were undone, and where its characters were before. */
export interface View {
	readonly text: string;
	/** The position in the original text of a position in this one. */
	readonly toOriginal: (position: number) => number;
}

/** A way to escape characters. */
interface Escaping {
	/** What every escape begins with: most texts have none. */
	readonly lead: string;
	readonly pattern: RegExp;
	undo(escaped: string): string;
}

const entities: Readonly<Record<string, string>> = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: '"',
	apos: "'",
};

const controls: Readonly<Record<string, string>> = {
	n: "\n",
	r: "\r",
	t: "\t",
};

const escapings: readonly Escaping[] = [
	{
		// HTML and XML.
		lead: "&",
		pattern: /&(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-f]{1,5});/gi,
		undo: (escaped) => {
			const name = escaped.slice(1, -1).toLowerCase();
			const code = name.startsWith("#x")
				? Number.parseInt(name.slice(2), 16)
				: Number.parseInt(name.slice(1), 10);
			return entities[name] ?? fromCode(code);
		},
	},
	{
		// JSON, YAML, Go's, Python's and JavaScript's strings, Markdown, shells. A line that ends with it goes on in the next.
		lead: "\\",
		pattern:
			/(?:\\x[0-9a-f]{2})+|(?:\\[0-3][0-7]{2})+|\\(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|U[0-9a-f]{8}|[nrt]|[^\w\s]|_|[ \t]|\r?\n[ \t]*)/gi,
		undo: (escaped) => {
			const rest = escaped.slice(1);
			if (/^x./i.test(rest))
				return fromBytes(Buffer.from(escaped.replaceAll(/\\x/gi, ""), "hex"));
			if (/^\d/.test(rest))
				return fromBytes(
					Buffer.from(
						rest.split("\\").map((digits) => Number.parseInt(digits, 8)),
					),
				);
			if (/^u./i.test(rest))
				return fromCode(Number.parseInt(rest.replaceAll(/[u{}]/gi, ""), 16));
			return /^\r?\n/.test(rest) ? "" : (controls[rest] ?? rest);
		},
	},
	{
		// URLs. Characters beyond ASCII have several bytes.
		lead: "%",
		pattern: /(?:%[0-9a-f]{2})+/gi,
		undo: (escaped) => {
			const bytes = Buffer.from(escaped.replaceAll("%", ""), "hex");
			return bytes.toString("utf8");
		},
	},
];

/** YAML folds long texts at their spaces; and Windows ends lines with two characters, of which one is no other system's. */
const folding: Escaping = {
	lead: "\n",
	pattern: /[ \t]*\r?\n\s*/g,
	undo: () => " ",
};

/** A text in one line, as before YAML folded it. */
export function unfold(text: string): string {
	return text.replaceAll(folding.pattern, " ");
}

/** One text may be escaped for another, such as JSON in HTML. */
const deepest = 2;

/** A text as it is, and with every combination of escapings undone that changes it. @param unfolded whether in one line, too */
export function viewsOf(text: string, unfolded = false): View[] {
	const views = viewsInLines(text);
	return unfolded
		? views.flatMap((view) => [view, ...undo(view, folding)])
		: views;
}

function viewsInLines(text: string): View[] {
	let level: View[] = [{ text, toOriginal: (position) => position }];
	const all = [...level];
	for (let depth = 0; depth < deepest; depth++) {
		level = level.flatMap((view) =>
			escapings.flatMap((escaping) => undo(view, escaping)),
		);
		all.push(...level);
	}
	return all;
}

/** @returns nothing if there is nothing to undo */
function undo(
	{ text, toOriginal }: View,
	{ lead, pattern, undo: decode }: Escaping,
): View[] {
	if (!text.includes(lead)) return [];
	const parts: string[] = [];
	/** Where text goes on after each escape: in the new text, and in the old one. */
	const ends: number[] = [0];
	const sources: number[] = [0];
	let length = 0;
	let done = 0;
	for (const match of text.matchAll(pattern)) {
		const [escaped] = match;
		const part = text.slice(done, match.index) + decode(escaped);
		parts.push(part);
		length += part.length;
		done = match.index + escaped.length;
		ends.push(length);
		sources.push(done);
	}
	if (parts.length === 0) return [];
	parts.push(text.slice(done));
	return [
		{
			text: parts.join(""),
			toOriginal: (position) => {
				const i = lastAtMost(ends, position);
				return toOriginal((sources[i] ?? 0) + position - (ends[i] ?? 0));
			},
		},
	];
}

/** The index of the last of some growing numbers that is not above a limit. */
function lastAtMost(numbers: readonly number[], limit: number): number {
	let [low, high] = [0, numbers.length - 1];
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((numbers[middle] ?? 0) <= limit) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** UTF-8, or else characters of a byte each. */
function fromBytes(bytes: Buffer): string {
	return bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");
}

function fromCode(code: number): string {
	return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}
