import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** A PromQL selector of a metric's series that have all of these labels. */
export function makeSelector(
	metric: string,
	labels: Readonly<Record<string, string>>,
): string {
	const matchers = Object.entries(labels).map(
		([name, value]) => `${name}=${JSON.stringify(value)}`,
	);
	return `${metric}{${matchers.join(",")}}`;
}

/** The names of the metrics that a PromQL expression selects; Grafana's variables are read as durations. */
export function metricsIn(expression: string): string[] {
	const text = withoutVariables(expression);
	return [...new Set(selectedBelow(parser.parse(text).topNode, text))];
}

/** Functions whose argument is a range of samples. */
const overRanges =
	/^(rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|\w+_over_time|double_exponential_smoothing|holt_winters)$/;

/** Why a PromQL expression does not parse, e.g. `unexpected ")" at character 12`; undefined if it does. */
export function syntaxErrorIn(expression: string): string | undefined {
	const { topNode } = parser.parse(expression);
	let found: string | undefined;
	topNode.cursor().iterate(({ type, from, to, node }) => {
		if (found) return;
		if (type.isError) {
			const rest = expression.slice(from, Math.max(to, from + 1)).trim();
			found = rest
				? `unexpected "${rest}" at character ${from + 1}`
				: `it ends at character ${from + 1}, where more is expected`;
		}
		if (node.name !== "FunctionCall") return;
		const [name, body] = childrenOf(node);
		const called = name ? expression.slice(name.from, name.to) : "";
		const instant = childrenOf(body).find(
			(each) => each.name === "VectorSelector",
		);
		if (overRanges.test(called) && instant)
			found = `${called} needs a range, as in [5m], after ${expression.slice(instant.from, instant.to)}`;
	});
	return found;
}

/** A selector of series in PromQL. */
export interface Selector {
	/** Empty if it selects by other labels than the name. */
	readonly metric: string;
	/** With its matchers, without a range or an offset. */
	readonly text: string;
}

/** The selectors in a PromQL expression. */
export function selectorsIn(expression: string): Selector[] {
	const text = withoutVariables(expression);
	return nodesIn(text, "VectorSelector").map((node) => selectorAt(node, text));
}

/** A condition on a label, e.g. `job=~"a|b"`. */
export interface LabelMatcher {
	readonly label: string;
	readonly operator: string;
	readonly value: string;
}

/** The conditions of a selector, without that on the metric's name. */
export function matchersOf({ text }: Selector): LabelMatcher[] {
	return nodesIn(text, "UnquotedLabelMatcher").flatMap(
		(node) => readMatcher(node, text) ?? [],
	);
}

/** Undefined for the metric's name, and for names in quotes. */
function readMatcher(node: SyntaxNode, text: string): LabelMatcher | undefined {
	if (node.name !== "UnquotedLabelMatcher") return undefined;
	const [label, operator, value] = childrenOf(node).map(({ from, to }) =>
		text.slice(from, to),
	);
	return label && operator && value && label !== "__name__"
		? { label, operator, value: unquoted(value) }
		: undefined;
}

/**
 * A selector without some of its conditions on labels; that on the metric's name stays.
 *
 * @param isLeftOut gets each as it is written, and as it is read
 */
export function withoutMatchers(
	{ metric, text }: Selector,
	isLeftOut: (written: string, read: LabelMatcher | undefined) => boolean,
): Selector {
	const [list] = nodesIn(text, "LabelMatchers");
	if (!list) return { metric, text };
	const kept = childrenOf(list)
		.filter(({ name }) => /^(Unq|Q)uotedLabel(Matcher|Name)$/.test(name))
		.map((node) => ({
			written: text.slice(node.from, node.to),
			read: readMatcher(node, text),
		}))
		.filter(
			({ written, read }) =>
				written.startsWith("__name__") || !isLeftOut(written, read),
		)
		.map(({ written }) => written);
	return { metric, text: `${text.slice(0, list.from)}{${kept.join(",")}}` };
}

function unquoted(literal: string): string {
	return literal.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}

/** A range over which a PromQL expression looks at series. */
export interface Window {
	readonly selector: Selector;
	/** e.g. `5m` */
	readonly window: string;
	/** The function that looks, e.g. `rate`. */
	readonly by: string;
}

/** The ranges over which a PromQL expression looks at series. */
export function windowsIn(expression: string): Window[] {
	const text = withoutVariables(expression);
	return nodesIn(text, "MatrixSelector").flatMap((node) => {
		const [selector, window] = childrenOf(node);
		return selector && window
			? [
					{
						selector: selectorAt(selector, text),
						window: text.slice(window.from, window.to),
						by: functionAbove(node, text),
					},
				]
			: [];
	});
}

/** Whether a function makes nothing of a single sample. */
export function needsTwoSamples(by: string): boolean {
	return /^(rate|irate|increase|delta|idelta|deriv|predict_linear)$/.test(by);
}

function functionAbove(node: SyntaxNode, text: string): string {
	let above = node.parent;
	while (above && above.name !== "FunctionCall") above = above.parent;
	const name = above?.firstChild;
	return name ? text.slice(name.from, name.to) : "";
}

/**
 * The selectors that a PromQL expression needs and that have no series. A branch of `or` does not need its series if the
 * other branch selects stored series only; the right side of `unless` may be empty.
 *
 * @param has whether its series are stored, or absent for a reason
 */
export function missingIn(
	expression: string,
	{
		has,
		stores,
	}: {
		readonly has: (selector: Selector) => boolean;
		readonly stores: (selector: Selector) => boolean;
	},
): string[] {
	const text = withoutVariables(expression);
	const missingBelow = (node: SyntaxNode, may = has): string[] => {
		const children = childrenOf(node);
		if (node.name === "VectorSelector") {
			const selector = selectorAt(node, text);
			return may(selector) ? [] : [selector.text];
		}
		if (children.some(({ name }) => name === "Unless"))
			return children.slice(0, 1).flatMap((child) => missingBelow(child, may));
		const isSighted = (child: SyntaxNode) =>
			selectedBelow(child, text).length > 0 &&
			missingBelow(child, stores).length === 0;
		return children.some(({ name }) => name === "Or") &&
			children.some(isSighted)
			? []
			: children.flatMap((child) => missingBelow(child, may));
	};
	return [...new Set(missingBelow(parser.parse(text).topNode))];
}

function selectorAt(node: SyntaxNode, text: string): Selector {
	return {
		metric: selectedBelow(node, text)[0] ?? "",
		text: text.slice(node.from, node.to),
	};
}

function nodesIn(text: string, name: string): SyntaxNode[] {
	const found: SyntaxNode[] = [];
	parser.parse(text).iterate({
		enter: ({ node }) => {
			if (node.name === name) found.push(node);
		},
	});
	return found;
}

function withoutVariables(expression: string): string {
	return expression
		.replaceAll(/\$__(rate_interval|interval|range)\b/g, "5m")
		.replaceAll(/\$\{?[a-zA-Z_]\w*(:\w+)?\}?/g, "5m");
}

function selectedBelow(root: SyntaxNode, text: string): string[] {
	const found: string[] = [];
	root.cursor().iterate(({ name, from, to, node }) => {
		const own = text.slice(from, to);
		if (name === "Identifier" && node.parent?.name === "VectorSelector")
			found.push(own);
		// {__name__="metric"}
		const quoted = /^__name__\s*=\s*"([^"]+)"$/.exec(own)?.[1];
		if (quoted) found.push(quoted);
	});
	return found;
}

/** The children of a node, which may be missing. */
export function childrenOf(node: SyntaxNode | undefined): SyntaxNode[] {
	const children: SyntaxNode[] = [];
	for (let child = node?.firstChild; child; child = child.nextSibling)
		children.push(child);
	return children;
}
