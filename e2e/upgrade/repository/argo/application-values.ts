import { posix } from "node:path";
import {
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import type { FilePlace } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import {
	type ChartReference,
	joinValues,
	type ReadValues,
	readValuesFrom,
	readValuesMap,
	readValuesText,
} from "../release.ts";
import { readSetValues } from "../set-values.ts";

/**
 * The values of an Application, in the order of Argo CD: files, then `valuesObject`, or `values` if there is none, then
 * parameters (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/).
 *
 * @param helm its source's settings for Helm
 */
export function readApplicationValues(
	helm: YamlMap,
	chart: ChartReference,
	{ file }: FilePlace,
	tree: RepositoryTree,
): Required<ReadValues> {
	return joinValues([
		...textsAt(helm, "valueFiles").map((each) =>
			readValueFile(each, chart, helm, tree),
		),
		"valuesObject" in helm
			? readValuesMap(
					mapAt(helm, "valuesObject"),
					`${file} (helm.valuesObject)`,
				)
			: readValuesText(stringAt(helm, "values") ?? "", `${file} (helm.values)`),
		readSetValues(
			mapsAt(helm, "parameters").map((each) => ({
				path: stringAt(each, "name") ?? "",
				text: String(each.value ?? ""),
				isString: each.forceString === true,
			})),
			`${file} (helm.parameters)`,
		),
		...mapsAt(helm, "fileParameters").map((each) =>
			readFileParameter(each, chart, tree),
		),
	]);
}

/** The text of a file becomes one value, where the chart is in the repository. */
function readFileParameter(
	parameter: YamlMap,
	chart: ChartReference,
	tree: RepositoryTree,
): ReadValues {
	const name = stringAt(parameter, "name") ?? "";
	const path = stringAt(parameter, "path") ?? "";
	const text =
		chart.path === undefined
			? undefined
			: tree.read(pathFrom(chart.path, path));
	return text === undefined
		? {
				files: [],
				unknown: [`${name} comes from the file ${path}: it is left out`],
			}
		: readSetValues([{ path: name, text, isString: true }], path);
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
	const matching = /[*?[]/.test(full)
		? tree.paths.filter((each) => posix.matchesGlob(each, full))
		: [];
	if (matching.length > 0)
		return joinValues(matching.map((each) => readValuesFrom(tree, each)));
	return isForgiven && !tree.has(full)
		? { files: [], unknown: [] }
		: readValuesFrom(tree, full);
}
