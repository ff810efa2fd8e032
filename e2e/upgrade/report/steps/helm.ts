import type { ValuesFile } from "../../../harness/chart/values-file.ts";
import { liveValues } from "../../live-release.ts";
import { findCrdsJob } from "../../plan/objects/crds-job.ts";
import { applyCrds, chartArguments } from "./chart-arguments.ts";
import type { PlannedUpgrade } from "./upgrade.ts";

/** The commands of Helm: the CRDs first, unless the chart's own job applies them. */
export function makeHelmSteps({ charts, after }: PlannedUpgrade): string[] {
	const { options, to: target } = charts;
	const { loaded, crds } = target;
	const { name, namespace } = loaded.release;
	const { values } = options.to;
	const context = options.fromRelease?.context;
	const helmContext = context ? ` --kube-context ${context}` : "";
	const kubectlContext = context ? ` --context ${context}` : "";
	const isHelm4 = options.choice?.tool.name === "helm4";
	const hasJob = after !== undefined && findCrdsJob(after.hooks) !== undefined;
	return [
		...(options.fromRelease || options.origin
			? []
			: [`# replace ${name} by your release, ${namespace} by its namespace`]),
		...(values.some((file) => file.name === liveValues)
			? [
					`helm get values ${name} --namespace ${namespace}${helmContext} --output yaml > values.yaml`,
				]
			: []),
		...values.flatMap((file) =>
			file.name !== liveValues && isPartOfFile(file)
				? [
						`# put the values of ${file.name} into values.yaml${file.readAs ? `: ${file.readAs}` : ""}`,
					]
				: [],
		),
		...(crds.length > 0 && !hasJob
			? [
					"# the CRDs first: Helm leaves them as they are",
					applyCrds(target, kubectlContext),
				]
			: []),
		`helm upgrade ${name} ${chartArguments(target)} --namespace ${namespace}${helmContext} --skip-crds${valuesFlags(values)}`,
		...(isHelm4
			? [
					"# if it stops at a conflict, it names the field and its owner: leave it out of your values, or add --force-conflicts",
				]
			: []),
	];
}

/** Whether Helm cannot read the file as it is, because its values are only a part of it. */
function isPartOfFile({ name, readAs }: ValuesFile): boolean {
	return name === liveValues || readAs !== undefined || / \(.+\)$/.test(name);
}

function valuesFlags(values: readonly ValuesFile[]): string {
	const files = values.map((file) =>
		isPartOfFile(file) ? "values.yaml" : file.name,
	);
	return [...new Set(files)].map((file) => ` --values ${file}`).join("");
}
