import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { childrenOf } from "./expressions.ts";

/** A part of a PromQL expression that reads what was stored before, e.g. `up offset 1w`. */
export interface Offset {
	readonly text: string;
	/** How long before, e.g. `1w`. */
	readonly by: string;
	/** An expression with a result if anything is stored that the part reads. */
	readonly probe: string;
}

/** A PromQL expression as it is now. */
export interface Recent {
	readonly expression: string;
	/** The offsets that are left out. */
	readonly leftOut: readonly Offset[];
}

/**
 * Leaves out the offsets of a PromQL expression that read from before anything was stored. An offset into the future
 * stays: it never reads anything.
 *
 * @param yields whether an expression has a result
 */
export async function leaveOutOldOffsets(
	expression: string,
	yields: (probe: string) => Promise<boolean>,
): Promise<Recent> {
	const text = parenthesizeOffsets(expression);
	const leftOut: Offset[] = [];
	const render = async (node: SyntaxNode): Promise<string> => {
		const offset = readOffset(node, text);
		const [inner] = childrenOf(node);
		if (offset && inner && !(await yields(offset.probe))) {
			leftOut.push(offset);
			return render(inner);
		}
		let rendered = "";
		let end = node.from;
		for (const child of childrenOf(node)) {
			rendered += text.slice(end, child.from) + (await render(child));
			end = child.to;
		}
		return rendered + text.slice(end, node.to);
	};
	return { expression: await render(parser.parse(text).topNode), leftOut };
}

/**
 * The same PromQL expression with parentheses around each instant selector and its offset. The parser takes the offset in
 * `a / b offset 1w` for one of both sides; Prometheus, for one of b.
 */
export function parenthesizeOffsets(expression: string): string {
	const inserted: [position: number, text: string][] = [];
	parser.parse(expression).iterate({
		enter: ({ node }) => {
			const selector =
				node.name === "OffsetExpr" ? lastOperand(node.firstChild) : undefined;
			if (selector?.name !== "VectorSelector") return;
			const { parent } = node;
			// The moment after an `@` belongs to the selector, too.
			const whole =
				parent?.name === "StepInvariantExpr" && parent.from === node.from
					? parent
					: node;
			const { from } = selector;
			const isWrapped =
				expression[from - 1] === "(" && expression[whole.to] === ")";
			if (!isWrapped) inserted.push([from, "("], [whole.to, ")"]);
		},
	});
	return inserted
		.sort(([a], [b]) => b - a)
		.reduce(
			(text, [at, added]) => text.slice(0, at) + added + text.slice(at),
			expression,
		);
}

function lastOperand(node: SyntaxNode | null): SyntaxNode | undefined {
	if (!node) return undefined;
	if (/^(BinaryExpr|UnaryExpr)$/.test(node.name))
		return lastOperand(node.lastChild);
	return /^(StepInvariantExpr|OffsetExpr)$/.test(node.name)
		? lastOperand(node.firstChild)
		: node;
}

function readOffset(node: SyntaxNode, expression: string): Offset | undefined {
	if (node.name !== "OffsetExpr") return undefined;
	const children = childrenOf(node);
	const [inner, duration] = [children[0], children.at(-1)];
	if (!inner || !duration) return undefined;
	const text = expression.slice(node.from, node.to);
	const by = expression.slice(duration.from, duration.to);
	if (by.startsWith("-")) return undefined;
	const isRange = /^(MatrixSelector|SubqueryExpr)$/.test(inner.name);
	return { text, by, probe: isRange ? `count_over_time(${text})` : text };
}
