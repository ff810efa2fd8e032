import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import {
	childrenOf,
	type Selector,
	selectorsIn,
} from "../../common/promql/expressions.ts";

/** What an expression reads, and whether it may yield nothing although all of that is there. */
export interface RuleInputs {
	readonly selectors: readonly Selector[];
	/** Those of range selectors, e.g. `5m`. */
	readonly ranges: readonly string[];
	/** What needs equal labels on two sides, inner ones first. */
	readonly joins: readonly Join[];
	/** Whether it compares series, or looks whether others exist. */
	readonly isConditional: boolean;
	/** Whether it yields something although a metric is missing: by `or`, or right of `unless`. */
	readonly hasAlternatives: boolean;
}

/** Arithmetic, a comparison or `and`: it has a result where a series of each side has the same labels. */
export interface Join {
	readonly text: string;
	readonly left: string;
	readonly right: string;
	/** By which labels they are matched: those listed, or all but those. */
	readonly by: "on" | "ignoring";
	readonly labels: readonly string[];
}

const arithmetic = ["Add", "Sub", "Mul", "Div", "Mod", "Pow", "Atan2"];
const comparisons = ["Eql", "Eqlc", "Neq", "Gte", "Gtr", "Lte", "Lss"];
const conditions = new Set([...comparisons, "And", "Or", "Unless"]);
const matching = new Set([...arithmetic, ...comparisons, "And"]);

/** Reads a PromQL expression. */
export function readInputs(expression: string): RuleInputs {
	const ranges = new Set<string>();
	const joins: Join[] = [];
	let isConditional = false;
	let hasAlternatives = false;
	const visit = (node: SyntaxNode) => {
		const children = childrenOf(node);
		children.forEach(visit);
		const { name } = node;
		const range = /\[([^\][:]+)\]$/.exec(textOf(node, expression))?.[1];
		if (name === "MatrixSelector" && range) ranges.add(range);
		if (name === "BinaryExpr") joins.push(...readJoin(node, expression));
		if (children.some((each) => conditions.has(each.name)))
			isConditional = true;
		if (name === "Or" || name === "Unless") hasAlternatives = true;
	};
	visit(parser.parse(expression).topNode);
	return {
		selectors: selectorsIn(expression),
		ranges: [...ranges],
		joins,
		isConditional,
		hasAlternatives,
	};
}

function readJoin(node: SyntaxNode, expression: string): Join[] {
	const children = childrenOf(node);
	const [left, right] = [children[0], children.at(-1)];
	if (
		!left ||
		!right ||
		!isVector(left, expression) ||
		!isVector(right, expression) ||
		!children.some(({ name }) => matching.has(name))
	)
		return [];
	const [how, labels] = childrenOf(
		children.find(({ name }) => name === "MatchingModifierClause"),
	);
	return [
		{
			text: textOf(node, expression),
			left: textOf(left, expression),
			right: textOf(right, expression),
			by: how?.name === "On" ? "on" : "ignoring",
			labels: childrenOf(labels).map((label) => textOf(label, expression)),
		},
	];
}

function textOf({ from, to }: SyntaxNode, expression: string): string {
	return expression.slice(from, to);
}

/** Whether an expression has series as its result, not a scalar. */
function isVector(node: SyntaxNode, expression: string): boolean {
	const children = childrenOf(node);
	switch (node.name) {
		case "VectorSelector":
		case "AggregateExpr":
			return true;
		case "FunctionCall":
			return !/^(scalar|time|pi)\b/.test(textOf(node, expression));
		default:
			return children.some((child) => isVector(child, expression));
	}
}
