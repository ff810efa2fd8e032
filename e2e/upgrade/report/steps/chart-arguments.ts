import type { PlannedChart } from "../../plan/charts/chart.ts";

/** Helm's arguments for a chart. */
export function chartArguments({
	source,
	metadata: { name, version },
}: Pick<PlannedChart, "source" | "metadata">): string {
	if (source === "embedded") return "stack/charts/kube-prometheus-stack";
	if (source.startsWith("oci:")) return `${source} --version ${version}`;
	if (/^https?:/.test(source))
		return `${name} --repo ${source} --version ${version}`;
	return source;
}

/** Applies a chart's CRDs by server-side apply, as the chart's guide says. */
export function applyCrds(
	chart: Pick<PlannedChart, "source" | "metadata">,
	kubectlContext = "",
): string {
	return `helm show crds ${chartArguments(chart)} | kubectl apply${kubectlContext} --server-side --force-conflicts -f -`;
}
