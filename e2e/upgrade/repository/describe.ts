import type { Tool } from "../tools/tool.ts";
import type { ReleasePair } from "./differences.ts";
import type { FoundRelease } from "./release.ts";

const stackName = "kube-prometheus-stack";

/** Whether a release is one of the chart that this project is about. */
export function isStack({ chart }: FoundRelease): boolean {
	return chart.name === stackName;
}

/** What messages call a release. */
export function describeRelease({
	deployer,
	name,
	namespace,
	variant,
	place,
}: FoundRelease) {
	const full = [namespace, name].filter(Boolean).join("/");
	return {
		title: `${full} (${deployer}${variant ? `, ${variant}` : ""})`,
		place: `${place.file}:${place.line}`,
	};
}

/** e.g. `media/plex (Flux): app-template 4.1.0 → 4.2.0`. */
export function describePair(pair: ReleasePair): string {
	const { before, after } = pair;
	const release = after ?? before;
	if (!release) return "";
	const { title } = describeRelease(release);
	if (!before) return `${title}: ${describeChart(release)} is added`;
	if (!after) return `${title}: ${describeChart(release)} is removed`;
	if (pair.isUnread)
		return `${title}: ${describeChart(after)}, in what is not read`;
	const isSame = before.chart.version === after.chart.version;
	return isSame
		? `${title}: values of ${describeChart(after)}`
		: `${title}: ${describeChart(before)} → ${after.chart.version ?? "the newest"}`;
}

function describeChart({ chart: { name, version, path } }: FoundRelease) {
	return `${name} ${path ?? version ?? "(the newest)"}`;
}

const crds: Readonly<Record<Tool["crds"], string>> = {
	kept: "the chart's CRDs stay as they are",
	created: "only new CRDs of the chart are applied",
	replaced: "the chart's CRDs are applied",
	unknown: "whether the chart's CRDs are applied is not known",
};

/** e.g. `Flux: only new CRDs of the chart are applied, and what the chart no longer has is deleted`. */
function describeTool(tool: Tool): string {
	const dropped =
		tool.prunes === undefined
			? "whether what the chart no longer has is deleted is not known"
			: `what the chart no longer has ${tool.prunes ? "is deleted" : "stays"}`;
	return `${tool.title}: ${crds[tool.crds]}, and ${dropped}`;
}

/** What --list prints. */
export function renderList(
	where: string,
	releases: readonly FoundRelease[],
): string {
	const stacks = releases.filter(isStack);
	const others = releases.filter((each) => !isStack(each));
	const lines = [
		`${releases.length} Helm releases in ${where}, ${stacks.length} of ${stackName}`,
		...stacks.map((release) => {
			const { title, place } = describeRelease(release);
			const { chart, tool, values, unknown } = release;
			return [
				`\n${title}: ${describeChart(release)}`,
				`  written in ${place}`,
				`  chart from ${chart.path ?? chart.source ?? "where it is usually published: the repository does not say"}`,
				`  upgraded by ${describeTool(tool)}`,
				...values.map(({ name }) => `  values: ${name}`),
				...(chart.problem ? [`  cannot be installed: ${chart.problem}`] : []),
				...unknown.map((each) => `  not known: ${each}`),
			].join("\n");
		}),
		...(others.length > 0 ? ["\nof other charts:"] : []),
		...others.map((release) => {
			const { title, place } = describeRelease(release);
			return `  ${title}: ${describeChart(release)}, ${place}`;
		}),
	];
	return lines.join("\n");
}
