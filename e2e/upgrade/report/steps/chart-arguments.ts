/** A chart as Helm finds it. */
interface ChartPlace {
	readonly source: string;
	readonly metadata: { readonly name: string; readonly version: string };
}

/** Helm's arguments for a chart. */
export function chartArguments({
	source,
	metadata: { name, version },
}: ChartPlace): string {
	if (source === "embedded") return "stack/charts/kube-prometheus-stack";
	if (source.startsWith("oci:")) return `${source} --version ${version}`;
	if (/^https?:/.test(source))
		return `${name} --repo ${source} --version ${version}`;
	return source;
}

/** Applies a chart's CRDs by server-side apply, as the chart's guide says. */
export function applyCrds(chart: ChartPlace, kubectlContext = ""): string {
	return `helm show crds ${chartArguments(chart)} | kubectl apply${kubectlContext} --server-side --force-conflicts -f -`;
}
