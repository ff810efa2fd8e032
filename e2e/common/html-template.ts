import { escape as escapeHtml } from "es-toolkit";

/** A piece of HTML. */
export class Html {
	readonly text: string;
	constructor(text: string) {
		this.text = text;
	}
}

type Piece =
	| Html
	| string
	| number
	| false
	| null
	| undefined
	| readonly Piece[];

/** A template whose values are escaped, unless they are HTML themselves. */
export function html(parts: TemplateStringsArray, ...values: Piece[]): Html {
	return new Html(
		parts.reduce((text, part, i) => text + render(values[i - 1]) + part),
	);
}

function render(piece: Piece): string {
	if (piece === undefined || piece === null || piece === false) return "";
	if (piece instanceof Html) return piece.text;
	return typeof piece === "object"
		? piece.map(render).join("")
		: escapeHtml(String(piece));
}
