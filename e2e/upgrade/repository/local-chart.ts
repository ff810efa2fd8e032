import { posix } from "node:path";
import { parse } from "yaml";
import {
	isMap,
	mapAt,
	mapsAt,
	stringAt,
	type YamlMap,
	yamlAt,
} from "../../common/parsing/yaml-map.ts";
import { type ChartValues, layerFiles } from "../plan/values/values.ts";
import { referenceDependency } from "./chart-lock.ts";
import { pathFrom, type RepositoryTree } from "./git/tree.ts";
import { type FoundRelease, makeValues, readValuesFrom } from "./release.ts";

/** No chart of charts is nested deeper. */
const deepest = 5;

/**
 * Replaces a release of a chart that is written in the repository by the charts that it depends on, with their part of
 * the values: they are what Helm installs. A chart without dependencies stays what it is.
 */
export function resolveLocalChart(
	tree: RepositoryTree,
	release: FoundRelease,
	depth = 0,
): FoundRelease[] {
	const { path } = release.chart;
	if (path === undefined || depth > deepest) return [release];
	const document = tree.document(pathFrom(path, "Chart.yaml"));
	if (!document) return [release];
	const { content, place } = document;
	const own = {
		...release.chart,
		name: stringAt(content, "name") ?? release.chart.name,
		version: stringAt(content, "version"),
	};
	// The public chart itself, copied into the repository.
	const isCopied =
		own.name === "kube-prometheus-stack" &&
		tree.isFolder(pathFrom(path, "templates/prometheus"));
	const dependencies = dependenciesIn(tree, path, content);
	if (isCopied || dependencies.length === 0)
		return [{ ...release, chart: own }];
	const defaults = readValuesFrom(tree, pathFrom(path, "values.yaml"));
	const layers = [...defaults.files, ...release.values];
	const all = layerFiles(layers);
	return dependencies
		.filter((dependency) => isEnabled(dependency, all))
		.flatMap((dependency) => {
			const key = stringAt(dependency, "alias") ?? stringAt(dependency, "name");
			if (key === undefined) return [];
			const chart = referenceDependency(tree, path, dependency);
			const part: FoundRelease = {
				...release,
				chart,
				place,
				umbrella: { path, values: layers },
				values: [
					// Helm calls the chart by its alias.
					...(key === chart.name
						? []
						: [makeValues(`alias ${key}`, { nameOverride: key })]),
					...layers.flatMap(({ name, content: text }) => {
						const values = partOf(parseMap(text), key);
						return Object.keys(values).length > 0
							? [makeValues(`${name} (${key})`, values)]
							: [];
					}),
				],
				unknown: [
					...release.unknown,
					...defaults.unknown.filter((each) => !/is not in/.test(each)),
				],
				unread: [...(release.unread ?? []), ...(defaults.unread ?? [])],
			};
			return resolveLocalChart(tree, part, depth + 1);
		});
}

/** What a subchart gets of its parent's values. */
function partOf(values: YamlMap, key: string): ChartValues {
	const global = mapAt(values, "global");
	const own = mapAt(values, key);
	return {
		...own,
		...(Object.keys(global).length > 0 && {
			global: { ...mapAt(own, "global"), ...global },
		}),
	};
}

function parseMap(text: string): YamlMap {
	const values: unknown = parse(text);
	return isMap(values) ? values : {};
}

/** As the chart names them; Helm 2 kept them in a file of their own. */
function dependenciesIn(
	tree: RepositoryTree,
	folder: string,
	chart: YamlMap,
): YamlMap[] {
	const requirements = tree.document(pathFrom(folder, "requirements.yaml"));
	return [
		...mapsAt(chart, "dependencies"),
		...mapsAt(requirements?.content, "dependencies"),
	];
}

/** The folders of charts that another one in the repository takes by its path: they are installed with that one. */
export function includedCharts(tree: RepositoryTree): Set<string> {
	const folders = tree.paths
		.filter((path) => posix.basename(path) === "Chart.yaml")
		.map((path) => posix.dirname(path));
	return new Set(
		folders.flatMap((folder) =>
			dependenciesIn(
				tree,
				folder,
				tree.document(pathFrom(folder, "Chart.yaml"))?.content ?? {},
			).flatMap((dependency) => {
				const [, path] =
					/^file:\/\/(.+)$/.exec(stringAt(dependency, "repository") ?? "") ??
					[];
				return path === undefined ? [] : [pathFrom(folder, path)];
			}),
		),
	);
}

/** The first of the conditions that the values answer, as Helm does it. */
function isEnabled(dependency: YamlMap, values: YamlMap): boolean {
	const answers = (stringAt(dependency, "condition") ?? "")
		.split(",")
		.map((path) => yamlAt(values, ...path.trim().split(".")))
		.filter((answer) => typeof answer === "boolean");
	if (answers.length > 0) return answers[0] ?? true;
	const tags = mapsOfTags(dependency).map((tag) => yamlAt(values, "tags", tag));
	return !tags.includes(false) || tags.includes(true);
}

function mapsOfTags(dependency: YamlMap): string[] {
	const tags = dependency.tags;
	return Array.isArray(tags)
		? tags.filter((each) => typeof each === "string")
		: [];
}
