import { matches } from "../../common/promql/matcher.ts";

const text = String.raw`"(?:\\.|[^"\\])*"|\x60[^\x60]*\x60`;
const matcher = String.raw`\s*\w+\s*(?:=~|!~|!=|=)\s*(?:${text})\s*`;
/** A text, which may have braces in it, or a selector of streams. */
const textOrSelector = new RegExp(
	String.raw`${text}|\{(?:${matcher}(?:,${matcher})*,?)?\s*\}`,
	"g",
);
const parts = new RegExp(String.raw`(\w+)\s*(=~|!~|!=|=)\s*(${text})`, "g");

/** The selectors of streams in a LogQL expression, e.g. `{namespace="media"}`. */
export function streamSelectorsIn(expression: string): string[] {
	return [...expression.matchAll(textOrSelector)].flatMap(([found]) =>
		found.startsWith("{") ? [found] : [],
	);
}

/** The labels without which no stream fits a LogQL expression's selectors. */
export function labelsNeededBy(expression: string): string[] {
	const needed = streamSelectorsIn(expression).flatMap((selector) =>
		[...selector.matchAll(parts)].flatMap(
			([, label = "", operator = "", quoted = ""]) =>
				// Streams without the label have an empty one for Loki.
				matches({ operator, value: unquote(quoted) }, "") ? [] : [label],
		),
	);
	return [...new Set(needed)];
}

function unquote(quoted: string): string {
	const inner = quoted.slice(1, -1);
	return quoted.startsWith('"') ? inner.replaceAll(/\\(.)/g, "$1") : inner;
}
