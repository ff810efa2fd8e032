import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { childrenOf } from "./expressions.ts";
import { parenthesizeOffsets } from "./offsets.ts";

const comparisons = ["Eql", "Neq", "Lss", "Lte", "Gtr", "Gte"];

/**
 * A PromQL expression without what leaves out series that are as they should be: comparisons, `absent` and `unless`.
 * It has a result wherever there is something to compare.
 */
export function withoutFilters(written: string): string {
	const expression = parenthesizeOffsets(written);
	const render = (node: SyntaxNode): string => {
		const children = childrenOf(node);
		const [first, second] = children;
		const kept =
			node.name === "BinaryExpr" && isFilter(children)
				? isNumber(first)
					? children.at(-1)
					: first
				: isAbsence(first, expression)
					? childrenOf(second)[0]
					: undefined;
		if (kept) return `(${render(kept)})`;
		let rendered = "";
		let end = node.from;
		for (const child of children) {
			rendered += expression.slice(end, child.from) + render(child);
			end = child.to;
		}
		return rendered + expression.slice(end, node.to);
	};
	return render(parser.parse(expression).topNode);
}

/** Of a binary expression. With `bool`, a comparison has a value for each series. */
function isFilter(children: readonly SyntaxNode[]): boolean {
	const names = children.map(({ name }) => name);
	return (
		names.includes("Unless") ||
		(names.some((name) => comparisons.includes(name)) &&
			!names.includes("BoolModifier"))
	);
}

function isNumber(node: SyntaxNode | undefined): boolean {
	return node?.name.startsWith("NumberDurationLiteral") ?? false;
}

function isAbsence(node: SyntaxNode | undefined, text: string): boolean {
	return (
		node?.name === "FunctionIdentifier" &&
		/^absent(_over_time)?$/.test(text.slice(node.from, node.to))
	);
}
