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
			const patches = [
				...["patches", "patchesStrategicMerge", "patchesJson6902"],
				...["replacements", "transformers"],
			]
				.map((key) => textOfPatches(yamlAt(content, key), tree, folder))
				.filter((text) =>
					/monitoring\.coreos\.com|Prometheus|Alertmanager|Grafana|kube-prometheus/i.test(
						text,
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
					...(patches.length > 0
						? [
								`patches of ${place.file} change the rendered objects: they are left out`,
							]
						: []),
				],
				unread: [
					...(values.unread ?? []),
					...(patches.length > 0
						? [
								{
									what: `patches of ${place.file}`,
									content: patches.join("\n"),
								},
							]
						: []),
				],
				tool: makeKustomize(yamlAt(entry, "includeCRDs") === true),
			};
		}),
	);
}

/** Patches, with the files that they name. */
function textOfPatches(
	list: unknown,
	tree: RepositoryTree,
	folder: string,
): string {
	const entries: readonly unknown[] = Array.isArray(list) ? list : [];
	const files = entries.map((each) => {
		const path = typeof each === "string" ? each : stringAt(each, "path");
		return path === undefined ? "" : (tree.read(pathFrom(folder, path)) ?? "");
	});
	return [JSON.stringify(entries), ...files].join("\n");
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
