import { liveValues } from "../live-release.ts";
import type { ReleaseOrigin } from "../options.ts";
import type { Charts } from "../prepare.ts";

/** The commands for the upgrade: the CRDs first, by server-side apply, as the chart's guide says. */
export function makeCommands({ options, to: target }: Charts): string[] {
	if (options.origin) return makeMergeCommands(options.origin, target);
	const { source, metadata, loaded, crds } = target;
	const { name, namespace } = loaded.release;
	const { values } = options.to;
	const context = options.fromRelease?.context;
	const helmContext = context ? ` --kube-context ${context}` : "";
	const kubectlContext = context ? ` --context ${context}` : "";
	const chart = chartArguments(source, metadata);
	const files = values.map(({ name: file, readAs }) =>
		file === liveValues || readAs
			? " --values values.yaml"
			: ` --values ${file}`,
	);
	return [
		...(options.fromRelease
			? []
			: [`# replace ${name} by your release, ${namespace} by its namespace`]),
		...(values.some((file) => file.name === liveValues)
			? [
					`helm get values ${name} --namespace ${namespace}${helmContext} --output yaml > values.yaml`,
				]
			: []),
		...values.flatMap(({ name: file, readAs }) =>
			readAs ? [`# put the values of ${file} into values.yaml: ${readAs}`] : [],
		),
		...(crds.length > 0
			? [
					`helm show crds ${chart} | kubectl apply${kubectlContext} --server-side --force-conflicts -f -`,
				]
			: []),
		`helm upgrade ${name} ${chart} --namespace ${namespace}${helmContext} --skip-crds${files.join("")}`,
	];
}

/** Where a repository is what is installed, it is changed; the CRDs come first where its tool leaves them as they are. */
function makeMergeCommands(
	{ deployer, file, bringsCrds, leftCrds }: ReleaseOrigin,
	{ source, metadata, crds }: Charts["to"],
): string[] {
	const isController = ["Flux", "Argo CD", "Fleet", "k3s"].includes(deployer);
	const isLeft = bringsCrds === undefined || leftCrds !== undefined;
	return [
		...(crds.length > 0 && isLeft
			? [
					`# the CRDs first, unless something else applies them: ${leftCrds ?? "Helm leaves them as they are"}`,
					`helm show crds ${chartArguments(source, metadata)} | kubectl apply --server-side --force-conflicts -f -`,
				]
			: []),
		isController
			? `# merge the change: ${deployer} upgrades what ${file} says`
			: `# merge the change, and apply ${file} as you always do (${deployer})`,
	];
}

/** Helm's arguments for a chart. */
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
