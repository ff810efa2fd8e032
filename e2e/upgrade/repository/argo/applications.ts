import { posix } from "node:path";
import {
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import { makeArgo } from "../../tools/argo.ts";
import type { Tool } from "../../tools/tool.ts";
import type { FilePlace } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import type { KustomizeBuilder } from "../kustomize/build.ts";
import { readInflatedCharts } from "../kustomize/helm-charts.ts";
import {
	type ChartReference,
	type FoundRelease,
	joinValues,
	type ReadValues,
	readValuesFrom,
	readValuesMap,
	readValuesText,
} from "../release.ts";
import { readSetValues } from "../set-values.ts";
import type { UnreadPart } from "../unread.ts";

/** An Application, written as such or made by an ApplicationSet. */
export interface Application {
	readonly object: YamlMap;
	readonly place: FilePlace;
	readonly unknown: readonly string[];
	readonly unread?: readonly UnreadPart[];
	/** Tells apart what one ApplicationSet makes; empty for an Application. */
	readonly variant: string;
	/** Whether an ApplicationSet makes it. */
	readonly isGenerated: boolean;
}

/** How Argo CD installs a source of an Application. */
function toolOf(
	{ object, place, isGenerated }: Application,
	helm: YamlMap,
): Tool {
	return makeArgo(mapAt(object, "spec"), helm, {
		place,
		kind: isGenerated ? "ApplicationSet" : "Application",
		name: stringAt(object, "metadata", "name") ?? "",
		namespace: stringAt(object, "metadata", "namespace") ?? "",
	});
}

/** The releases that an Application installs: charts, and charts of a kustomization that it applies. */
export function readApplication(
	application: Application,
	builder: KustomizeBuilder,
): FoundRelease[] {
	const { tree } = builder;
	const { object } = application;
	const sources = [
		...("source" in mapAt(object, "spec")
			? [mapAt(object, "spec", "source")]
			: []),
		...mapsAt(object, "spec", "sources"),
	];
	return sources.flatMap((source) => {
		const chart = chartOfSource(source, tree);
		if (chart) return [makeFound(application, source, chart, tree)];
		const path = stringAt(source, "path");
		const folder = path === undefined ? undefined : pathFrom(".", path);
		if (folder === undefined || !builder.fileIn(folder)) return [];
		builder.used.add(folder);
		return readInflatedCharts(tree, builder.build(folder).charts, folder).map(
			(each) => ({
				...each,
				deployer: "Argo CD" as const,
				tool: { ...toolOf(application, {}), crds: each.tool.crds },
				namespace:
					each.namespace ||
					(stringAt(object, "spec", "destination", "namespace") ?? ""),
				unknown: [...each.unknown, ...application.unknown],
				unread: [...(each.unread ?? []), ...(application.unread ?? [])],
			}),
		);
	});
}

function chartOfSource(
	source: YamlMap,
	tree: RepositoryTree,
): ChartReference | undefined {
	const url = (stringAt(source, "repoURL") ?? "").replace(/\/$/, "");
	const name = stringAt(source, "chart");
	const revision = stringAt(source, "targetRevision");
	const version = revision === "*" || revision === "" ? undefined : revision;
	if (name !== undefined) {
		// Argo CD names registries without a scheme.
		const source = /^https?:/.test(url)
			? url
			: `oci://${posix.join(url.replace("oci://", ""), name)}`;
		return { name: name.split("/").at(-1) ?? name, version, source };
	}
	if (url.startsWith("oci://"))
		return { name: url.split("/").at(-1) ?? "", version, source: url };
	const path = stringAt(source, "path");
	if (path === undefined) return undefined;
	const folder = pathFrom(".", path);
	return tree.has(pathFrom(folder, "Chart.yaml"))
		? {
				name: folder.split("/").at(-1) ?? "",
				version: undefined,
				source: undefined,
				path: folder,
			}
		: undefined;
}

function makeFound(
	{ object, place, unknown, unread = [], variant, isGenerated }: Application,
	source: YamlMap,
	chart: ChartReference,
	tree: RepositoryTree,
): FoundRelease {
	const helm = mapAt(source, "helm");
	const values = joinValues([
		...textsAt(helm, "valueFiles").map((each) =>
			readValueFile(each, chart, helm, tree),
		),
		readValuesText(
			stringAt(helm, "values") ?? "",
			`${place.file} (helm.values)`,
		),
		readValuesMap(
			mapAt(helm, "valuesObject"),
			`${place.file} (helm.valuesObject)`,
		),
		readSetValues(
			mapsAt(helm, "parameters").map(
				(each) =>
					[stringAt(each, "name") ?? "", String(each.value ?? "")] as const,
			),
			`${place.file} (helm.parameters)`,
		),
	]);
	return {
		deployer: "Argo CD",
		name:
			stringAt(helm, "releaseName") ??
			stringAt(object, "metadata", "name") ??
			"",
		namespace: stringAt(object, "spec", "destination", "namespace") ?? "",
		chart,
		values: values.files,
		place,
		variant,
		unknown: [
			...unknown,
			...values.unknown,
			...mapsAt(helm, "fileParameters").map(
				(each) =>
					`${stringAt(each, "name")} comes from the file ${stringAt(each, "path")}: it is left out`,
			),
		],
		unread: [
			...unread,
			...values.unread,
			...mapsAt(helm, "fileParameters").map((each) => {
				const path = stringAt(each, "path") ?? "";
				return {
					what: `the file ${path}`,
					content: tree.read(pathFrom(chart.path ?? ".", path)) ?? "",
				};
			}),
		],
		tool: toolOf({ object, place, unknown, variant, isGenerated }, helm),
	};
}

/** One of valueFiles: `$ref/...` is a file of the repository, another one a file beside the chart. */
function readValueFile(
	name: string,
	{ path }: ChartReference,
	helm: YamlMap,
	tree: RepositoryTree,
): ReadValues {
	const own = /^\$[^/]+\/(.+)$/.exec(name)?.[1];
	const file = own ?? (path === undefined ? undefined : name);
	// A values file in a published chart; the public one has only its defaults.
	if (file === undefined)
		return name === "values.yaml"
			? { files: [], unknown: [] }
			: {
					files: [],
					unknown: [
						`${name} is not in the repository: its values are left out`,
					],
				};
	const folder =
		own === undefined && !file.startsWith("/") ? (path ?? ".") : ".";
	const isForgiven = yamlAt(helm, "ignoreMissingValueFiles") === true;
	const full = pathFrom(folder, file);
	// The chart's own defaults are there anyway.
	if (own === undefined && full === pathFrom(folder, "values.yaml"))
		return { files: [], unknown: [] };
	return isForgiven && !tree.has(full)
		? { files: [], unknown: [] }
		: readValuesFrom(tree, full);
}
