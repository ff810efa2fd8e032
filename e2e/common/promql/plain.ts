import { memoize } from "es-toolkit";

const tokens =
	/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|[\w:.]+|\S/gs;

/** An expression of PromQL without what means nothing: blanks, line breaks, comments, last commas, and the kind of quotes. */
export const plainExpression = memoize((expression: string): string => {
	const found = (expression.match(tokens) ?? [])
		.filter((each) => !each.startsWith("#"))
		.map((each) =>
			/^'[^"\\]*'$/.test(each) ? `"${each.slice(1, -1)}"` : each,
		);
	return found
		.filter((each, i) => !(each === "," && /^[)}]$/.test(found[i + 1] ?? "")))
		.join(" ");
});
