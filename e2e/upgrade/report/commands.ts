import type { UpgradeOptions } from "../options.ts";
import type { Charts } from "../prepare.ts";

/** What to type for the upgrade: the CRDs first, by server-side apply, as the chart's guide says. */
export function makeCommands({ to }: UpgradeOptions, { to: target }: Charts) {
	const { source, metadata, loaded, crds } = target;
	const { name, namespace } = loaded.release;
	const chart = chartArguments(source, metadata);
	const values = to.values.map((file) => ` --values ${file.name}`).join("");
	const apply = `helm show crds ${chart} | kubectl apply --server-side --force-conflicts -f -`;
	return [
		...(crds.length > 0 ? [apply] : []),
		`helm upgrade ${name} ${chart} --namespace ${namespace} --skip-crds${values}`,
	];
}

/** How Helm is told of a chart. */
function chartArguments(
	source: string,
	{ name, version }: { name: string; version: string },
): string {
	if (source === "embedded") return "stack/charts/kube-prometheus-stack";
	if (source.startsWith("oci:")) return `${source} --version ${version}`;
	if (/^https?:/.test(source))
		return `${name} --repo ${source} --version ${version}`;
	return source;
}
