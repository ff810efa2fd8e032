import {
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
} from "../../../common/parsing/yaml-map.ts";
import { makeFlux } from "../../tools/flux.ts";
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
	{ chart, unknown }: { chart: ChartReference; unknown: readonly string[] },
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
	const renderers = listAt(object, "spec", "postRenderers").length;
	return {
		deployer: "Flux",
		name:
			stringAt(object, "spec", "releaseName") ??
			(target ? `${target}-${name}` : name),
		namespace: target ?? namespaceOf(release) ?? "",
		chart,
		values: values.files,
		place,
		variant,
		unknown: [
			...unknown,
			...release.unknown,
			...values.unknown,
			...(renderers > 0
				? ["postRenderers change the rendered objects: they are left out"]
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

function chartOf(
	release: Resource,
	around: FluxSurroundings,
): { chart: ChartReference; unknown: readonly string[] } | undefined {
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

function fromOciRepository({ object, unknown }: Resource) {
	const url = (stringAt(object, "spec", "url") ?? "").replace(/\/$/, "");
	const reference = mapAt(object, "spec", "ref");
	const version =
		stringAt(reference, "semver") ?? stringAt(reference, "tag")?.split("@")[0];
	return {
		chart: {
			name: url.split("/").at(-1) ?? "",
			version: version === "latest" ? undefined : version,
			source: url,
		},
		unknown,
	};
}

/** The `chart`, `version` and `sourceRef` of a HelmRelease or a HelmChart. */
function chartFromSpec(
	holder: Resource,
	path: readonly string[],
	around: FluxSurroundings,
): { chart: ChartReference; unknown: readonly string[] } | undefined {
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
		// The public chart from its own Git repository, by a tag such as kube-prometheus-stack-80.0.0.
		const tag = source && stringAt(source.object, "spec", "ref", "tag");
		const tagged = tag?.startsWith(`${name}-`)
			? tag.slice(name.length + 1)
			: undefined;
		return {
			chart: { name, version: tagged, source: undefined },
			unknown: tagged
				? []
				: [
						`the chart comes from ${kind} ${stringAt(sourceRef, "name")}, which is not this repository: its version is not known`,
					],
		};
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
