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

/**
 * The metrics that a PromQL expression needs and that do not exist. A branch of `or` does not need its metrics if the
 * other branch selects stored metrics only; the right side of `unless` may be empty.
 *
 * @param has whether a metric is stored, or absent for a reason
 */
export function missingIn(
	expression: string,
	{
		has,
		stores,
	}: {
		readonly has: (metric: string) => boolean;
		readonly stores: (metric: string) => boolean;
	},
): string[] {
	const text = withoutVariables(expression);
	const missingBelow = (node: SyntaxNode, may = has): string[] => {
		const children = childrenOf(node);
		if (node.name === "VectorSelector")
			return selectedBelow(node, text).filter((metric) => !may(metric));
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

function childrenOf(node: SyntaxNode): SyntaxNode[] {
	const children: SyntaxNode[] = [];
	for (let child = node.firstChild; child; child = child.nextSibling)
		children.push(child);
	return children;
}
