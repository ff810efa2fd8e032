import { posix } from "node:path";
import {
	mapAt,
	stringAt,
	textsAt,
	type YamlMap,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import { makeKustomize } from "../../tools/kustomize.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import {
	type ChartReference,
	type FoundRelease,
	joinValues,
	readValuesFrom,
	readValuesMap,
} from "../release.ts";
import type { ChartEntries } from "./build.ts";

/**
 * The charts that Kustomize renders.
 *
 * @param variant the overlay that they are rendered for
 */
export function readInflatedCharts(
	tree: RepositoryTree,
	charts: readonly ChartEntries[],
	variant: string,
): FoundRelease[] {
	return charts.flatMap(({ document: { content, place }, entries }) =>
		entries.map((entry) => {
			const folder = posix.dirname(place.file);
			const values = valuesOf(entry, tree, folder);
			const isPatched = ["patches", "patchesStrategicMerge", "patchesJson6902"]
				.map((key) => yamlAt(content, key))
				.some((list) =>
					/monitoring\.coreos\.com|Prometheus|Alertmanager|Grafana|kube-prometheus/i.test(
						JSON.stringify(list ?? ""),
					),
				);
			const name =
				stringAt(entry, "name") ?? stringAt(entry, "chartName") ?? "";
			return {
				deployer: "Kustomize" as const,
				name: stringAt(entry, "releaseName") ?? name,
				namespace:
					stringAt(entry, "namespace") ??
					stringAt(entry, "releaseNamespace") ??
					stringAt(content, "namespace") ??
					"",
				chart: chartOfEntry(entry, name, content, tree, folder),
				values: values.files,
				place,
				variant: variant === folder ? "" : variant,
				unknown: [
					...values.unknown,
					...(isPatched
						? [
								`patches of ${place.file} change the rendered objects: they are left out`,
							]
						: []),
				],
				tool: makeKustomize(yamlAt(entry, "includeCRDs") === true),
			};
		}),
	);
}

function chartOfEntry(
	entry: YamlMap,
	name: string,
	kustomization: YamlMap,
	tree: RepositoryTree,
	folder: string,
): ChartReference {
	const repo = stringAt(entry, "repo") ?? stringAt(entry, "chartRepo");
	const version = stringAt(entry, "version") ?? stringAt(entry, "chartVersion");
	const home = stringAt(mapAt(kustomization, "helmGlobals"), "chartHome");
	const local = pathFrom(folder, posix.join(home ?? "charts", name));
	const isLocal = !repo && tree.isFolder(local);
	return {
		name,
		version,
		source: repo?.startsWith("oci://")
			? `${repo.replace(/\/$/, "")}/${name}`
			: repo,
		...(isLocal && { path: local }),
	};
}

function valuesOf(entry: YamlMap, tree: RepositoryTree, folder: string) {
	const files = [
		...textsAt(entry, "valuesFile"),
		...textsAt(entry, "values"),
		...textsAt(entry, "additionalValuesFiles"),
	].map((file) => readValuesFrom(tree, pathFrom(folder, file)));
	const inline = readValuesMap(
		mapAt(entry, "valuesInline"),
		`${folder} (valuesInline)`,
	);
	switch (stringAt(entry, "valuesMerge") ?? "override") {
		case "replace":
			return Object.keys(mapAt(entry, "valuesInline")).length > 0
				? inline
				: joinValues(files);
		case "merge":
			return joinValues([inline, ...files]);
		default:
			return joinValues([...files, inline]);
	}
}
