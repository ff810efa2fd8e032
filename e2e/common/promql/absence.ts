import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import type { Selector } from "./expressions.ts";

/** Whether a PromQL expression reads a selector only to see whether it has no series, as `absent(up)` does. */
export function looksForAbsence(
	expression: string,
	{ text }: Pick<Selector, "text">,
): boolean {
	const textOf = ({ from, to }: SyntaxNode) => expression.slice(from, to);
	const isBelowAbsent = ({ parent }: SyntaxNode): boolean =>
		parent !== null &&
		((parent.name === "FunctionCall" &&
			/^absent(_over_time)?\b/.test(textOf(parent))) ||
			isBelowAbsent(parent));
	let is = true;
	parser.parse(expression).iterate({
		enter: ({ node }) => {
			if (node.name === "VectorSelector" && textOf(node) === text)
				is &&= isBelowAbsent(node);
		},
	});
	return is;
}
