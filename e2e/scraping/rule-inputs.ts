import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** What an expression reads, and whether it may yield nothing although all of that is there. */
export interface RuleInputs {
	/** As they are written, without a range, e.g. `up{job="node"}`. */
	readonly selectors: readonly string[];
	/** Those of range selectors, e.g. `5m`. */
	readonly ranges: readonly string[];
	/** Whether it compares, or joins series. */
	readonly isConditional: boolean;
	/** Whether it yields something although a metric is missing: by `or`, or right of `unless`. */
	readonly hasAlternatives: boolean;
}

const conditions = new Set([
	...["Eql", "Eqlc", "Neq", "Gte", "Gtr", "Lte", "Lss"],
	...["And", "Or", "Unless"],
]);

/** Reads a PromQL expression. */
export function readInputs(expression: string): RuleInputs {
	const selectors = new Set<string>();
	const ranges = new Set<string>();
	let isConditional = false;
	let hasAlternatives = false;
	parser
		.parse(expression)
		.cursor()
		.iterate(({ name, from, to, node }) => {
			const text = expression.slice(from, to);
			if (name === "VectorSelector") selectors.add(text);
			const range = /\[([^\][:]+)\]$/.exec(text)?.[1];
			if (name === "MatrixSelector" && range) ranges.add(range);
			if (name === "BinaryExpr" && isCondition(node)) isConditional = true;
			if (name === "Or" || name === "Unless") hasAlternatives = true;
		});
	return {
		selectors: [...selectors],
		ranges: [...ranges],
		isConditional,
		hasAlternatives,
	};
}

/** A comparison or a set operation, or arithmetic between series, which must have equal labels. */
function isCondition(node: SyntaxNode): boolean {
	let sides = 0;
	for (let child = node.firstChild; child; child = child.nextSibling) {
		if (conditions.has(child.name)) return true;
		if (hasSelector(child)) sides += 1;
	}
	return sides > 1;
}

function hasSelector(node: SyntaxNode): boolean {
	let found = false;
	node.cursor().iterate(({ name }) => {
		if (name === "VectorSelector") found = true;
	});
	return found;
}
