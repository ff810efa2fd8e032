import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { childrenOf } from "./expressions.ts";

/**
 * The labels that the result of a PromQL expression may have, as far as aggregations say so: `sum by (a, b) (x) > 1` has
 * a and b. Undefined if it may have any.
 */
export function resultLabelsOf(
	expression: string,
): ReadonlySet<string> | undefined {
	const [root] = childrenOf(parser.parse(expression).topNode);
	return root && labelsOf(root, expression);
}

type Labels = ReadonlySet<string> | undefined;

function labelsOf(node: SyntaxNode, text: string): Labels {
	const read = (each: SyntaxNode) => text.slice(each.from, each.to);
	const children = childrenOf(node);
	switch (node.name) {
		case "ParenExpr":
		case "UnaryExpr":
		case "StepInvariantExpr":
			return onlyVector(children, text);
		case "NumberDurationLiteral":
		case "NumberLiteral":
			return new Set();
		case "AggregateExpr":
			return aggregated(children, text);
		case "BinaryExpr":
			return combined(children, text);
		case "FunctionCall": {
			const name = children[0] ? read(children[0]) : "";
			if (!keepsLabels.test(name)) return undefined;
			const [body] = children.filter(
				(each) => each.name === "FunctionCallBody",
			);
			return onlyVector(childrenOf(body), text);
		}
		default:
			return undefined;
	}
}

/** Functions of one vector whose result has its labels. */
const keepsLabels =
	/^(abs|ceil|floor|round|clamp|clamp_min|clamp_max|sqrt|exp|ln|log2|log10|sgn|sort|sort_desc|timestamp)$/;

/** Brackets and signs are no expressions of their own. */
function onlyVector(children: readonly SyntaxNode[], text: string): Labels {
	const found = children.filter(({ name }) =>
		/Expr$|Selector$|Call$/.test(name),
	);
	const [first] = found;
	return found.length === 1 && first ? labelsOf(first, text) : undefined;
}

function aggregated(children: readonly SyntaxNode[], text: string): Labels {
	const read = (each: SyntaxNode | undefined) =>
		each ? text.slice(each.from, each.to) : "";
	const operator = read(children.find(({ name }) => name === "AggregateOp"));
	// These hand on the series as they are, or make a label of their own.
	if (/^(topk|bottomk|limitk|limit_ratio|count_values)$/i.test(operator))
		return undefined;
	const modifier = children.find(({ name }) => name === "AggregateModifier");
	if (!modifier) return new Set();
	const parts = childrenOf(modifier);
	if (!parts.some(({ name }) => name === "By")) return undefined;
	return new Set(
		parts
			.filter(({ name }) => name === "GroupingLabels")
			.flatMap(childrenOf)
			.filter(({ name }) => name === "LabelName")
			.map(read),
	);
}

/** The left side has the labels, unless an operator says which ones, or another side brings some. */
function combined(children: readonly SyntaxNode[], text: string): Labels {
	const sides = children.filter(({ name }) =>
		/(Expr|Selector|Call|Literal)$/.test(name),
	);
	const [left, right] = sides.map((each) => labelsOf(each, text));
	const has = (name: string) => children.some((each) => each.name === name);
	if (has("Or"))
		return left && right ? new Set([...left, ...right]) : undefined;
	if (has("And") || has("Unless")) return left;
	const matching = children.find(
		({ name }) => name === "MatchingModifierClause",
	);
	if (matching) return undefined;
	// A number takes the labels of the other side.
	return left?.size === 0 && /Literal$/.test(sides[0]?.name ?? "")
		? right
		: left;
}
