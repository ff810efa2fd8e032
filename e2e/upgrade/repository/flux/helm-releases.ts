import {
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
} from "../../../common/parsing/yaml-map.ts";
import { makeFlux } from "../../tools/flux.ts";
import { readChartOfGit } from "../chart-of-git.ts";
import type { RepositoryTree } from "../git/tree.ts";
import { pathFrom } from "../git/tree.ts";
import {
	kindOf,
	nameOfResource,
	namespaceOf,
	type Resource,
} from "../kustomize/resource.ts";
import {
	type ChartReference,
	type FoundRelease,
	joinValues,
	readValuesFrom,
	readValuesMap,
} from "../release.ts";
import type { UnreadPart } from "../unread.ts";
import { fluxVersionIn } from "./flux-version.ts";
import type { AppliedSet } from "./kustomizations.ts";
import { type FluxSurroundings, findSource } from "./surroundings.ts";
import { readValuesSource } from "./values-sources.ts";

/** The HelmReleases of what Flux applies. */
export function readHelmReleases(
	tree: RepositoryTree,
	{ origin, resources }: AppliedSet,
	everywhere: readonly Resource[],
): FoundRelease[] {
	return resources
		.filter((each) => kindOf(each) === "HelmRelease")
		.flatMap((each) => {
			const around = { tree, together: resources, everywhere };
			const chart = chartOf(each, around);
			return chart ? [makeFound(each, chart, around, origin)] : [];
		});
}

function makeFound(
	release: Resource,
	{ chart, unknown, unread = [] }: ReadChart,
	around: FluxSurroundings,
	variant: string,
): FoundRelease {
	const { object, place } = release;
	const name = nameOfResource(release);
	const target = stringAt(object, "spec", "targetNamespace");
	const values = joinValues([
		// Of a published chart they are in the chart, which has none but its defaults.
		...(chart.path === undefined
			? []
			: textsAt(object, "spec", "chart", "spec", "valuesFiles").map((file) =>
					readValuesFrom(around.tree, pathFrom(".", file)),
				)),
		...mapsAt(object, "spec", "valuesFrom").map((each) =>
			readValuesSource(each, release, around),
		),
		readValuesMap(
			mapAt(object, "spec", "values"),
			`${place.file} (spec.values)`,
		),
	]);
	const renderers = listAt(object, "spec", "postRenderers");
	return {
		deployer: "Flux",
		name:
			stringAt(object, "spec", "releaseName") ??
			(target ? `${target}-${name}` : name),
		namespace: target ?? namespaceOf(release) ?? "",
		chart:
			release.problem === undefined
				? chart
				: { ...chart, problem: release.problem },
		values: values.files,
		place,
		variant,
		unknown: [
			...unknown,
			...release.unknown,
			...values.unknown,
			...(renderers.length > 0
				? ["postRenderers change the rendered objects: they are left out"]
				: []),
		],
		unread: [
			...unread,
			...(release.unread ?? []),
			...values.unread,
			...(renderers.length > 0
				? [{ what: "postRenderers", content: JSON.stringify(renderers) }]
				: []),
		],
		tool: makeFlux(
			mapAt(object, "spec"),
			{
				place,
				kind: "HelmRelease",
				name,
				namespace: namespaceOf(release) ?? "",
			},
			fluxVersionIn(around.tree),
		),
	};
}

/** A release's chart, with what is not known of it. */
interface ReadChart {
	readonly chart: ChartReference;
	readonly unknown: readonly string[];
	readonly unread?: readonly UnreadPart[];
}

function chartOf(
	release: Resource,
	around: FluxSurroundings,
): ReadChart | undefined {
	const { object } = release;
	const reference = mapAt(object, "spec", "chartRef");
	const name = stringAt(reference, "name");
	if (name !== undefined) {
		const kind = stringAt(reference, "kind") ?? "OCIRepository";
		const source = findSource(kind, reference, release, around);
		if (kind === "HelmChart")
			return source && chartFromSpec(source, ["spec"], around);
		return source
			? fromOciRepository(source)
			: {
					chart: { name, version: undefined, source: undefined },
					unknown: [
						`${kind} ${name} is not in the repository: the version of the chart is not known`,
					],
				};
	}
	return chartFromSpec(release, ["spec", "chart", "spec"], around);
}

function fromOciRepository({
	object,
	unknown,
	unread = [],
}: Resource): ReadChart {
	const url = (stringAt(object, "spec", "url") ?? "").replace(/\/$/, "");
	const reference = mapAt(object, "spec", "ref");
	const [tag, ownDigest] = (stringAt(reference, "tag") ?? "").split("@");
	// Flux takes the digest first, then the range.
	const digest = stringAt(reference, "digest") ?? ownDigest;
	const version = stringAt(reference, "semver") ?? (tag || undefined);
	const name = stringAt(object, "metadata", "name");
	return {
		chart: {
			name: url.split("/").at(-1) ?? "",
			version: version === "latest" ? undefined : version,
			source: url,
		},
		unknown:
			digest !== undefined && version === undefined
				? [
						...unknown,
						`OCIRepository ${name} names the chart by its digest only: the newest version stands for it`,
					]
				: unknown,
		unread: [
			...unread,
			...(digest === undefined
				? []
				: [
						{
							what: `the chart, which OCIRepository ${name} names by its digest`,
							content: digest,
							followsVersion: true,
						},
					]),
		],
	};
}

/** The `chart`, `version` and `sourceRef` of a HelmRelease or a HelmChart. */
function chartFromSpec(
	holder: Resource,
	path: readonly string[],
	around: FluxSurroundings,
): ReadChart | undefined {
	const spec = mapAt(holder.object, ...path);
	const chart = stringAt(spec, "chart");
	if (chart === undefined) return undefined;
	const version = stringAt(spec, "version");
	const sourceRef = mapAt(spec, "sourceRef");
	const kind = stringAt(sourceRef, "kind") ?? "HelmRepository";
	const source = findSource(kind, sourceRef, holder, around);
	const url = source && stringAt(source.object, "spec", "url");
	const name = chart.split("/").at(-1) ?? chart;
	if (kind !== "HelmRepository") {
		const folder = pathFrom(".", chart);
		if (around.tree.isFolder(folder) || around.tree.has(folder))
			return {
				chart: { name, version: undefined, source: undefined, path: folder },
				unknown: [],
			};
		const ref = mapAt(source?.object, "spec", "ref");
		// Flux takes a commit first, then a name, a range, a tag and a branch.
		const revision = ["commit", "name", "semver", "tag", "branch"]
			.map((key) => stringAt(ref, key))
			.find((each) => each !== undefined);
		return readChartOfGit(
			chart,
			revision,
			`${kind} ${stringAt(sourceRef, "name")}`,
		);
	}
	return {
		chart: {
			name,
			version: version === "*" ? undefined : version,
			source: url?.startsWith("oci:")
				? `${url.replace(/\/$/, "")}/${chart}`
				: url,
		},
		unknown: source?.unknown ?? [],
	};
}
