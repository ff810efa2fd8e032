import { parser } from "@prometheus-io/lezer-promql";

/** The names of the metrics that a PromQL expression selects; Grafana's variables are taken for durations. */
export function metricsIn(expression: string): string[] {
	const text = expression
		.replaceAll(/\$__(rate_interval|interval|range)\b/g, "5m")
		.replaceAll(/\$\{?[a-zA-Z_]\w*(:\w+)?\}?/g, "5m");
	const found = new Set<string>();
	parser.parse(text).iterate({
		enter: ({ name, from, to, node }) => {
			const own = text.slice(from, to);
			if (name === "Identifier" && node.parent?.name === "VectorSelector")
				found.add(own);
			// {__name__="metric"}
			const quoted = /^__name__\s*=\s*"([^"]+)"$/.exec(own)?.[1];
			if (quoted) found.add(quoted);
		},
	});
	return [...found];
}
