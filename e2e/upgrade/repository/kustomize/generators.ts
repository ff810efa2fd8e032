import { posix } from "node:path";
import { parseEnv } from "node:util";
import {
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import type { FilePlace } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { isCalled, kindOf, makeResource, type Resource } from "./resource.ts";

/**
 * Adds the ConfigMaps and Secrets that a kustomization generates. They keep their names: the hash that Kustomize adds
 * changes no values, and references follow it.
 */
export function addGenerated(
	resources: readonly Resource[],
	kustomization: YamlMap,
	tree: RepositoryTree,
	{ file, line }: FilePlace,
): Resource[] {
	const generators = [
		...mapsAt(kustomization, "configMapGenerator").map((each) => ({
			each,
			kind: "ConfigMap",
		})),
		...mapsAt(kustomization, "secretGenerator").map((each) => ({
			each,
			kind: "Secret",
		})),
	];
	const all = [...resources];
	for (const { each, kind } of generators) {
		const name = stringAt(each, "name") ?? "";
		const { data, files } = readData(each, tree, posix.dirname(file));
		const key = kind === "Secret" ? "stringData" : "data";
		const behavior = stringAt(each, "behavior") ?? "create";
		const at = all.findIndex(
			(one) => kindOf(one) === kind && isCalled(one, name),
		);
		const existing = behavior === "create" ? undefined : all[at];
		if (existing) {
			const isMerge = behavior === "merge";
			all[at] = {
				...existing,
				files: { ...(isMerge && existing.files), ...files },
				object: {
					...existing.object,
					[key]: { ...(isMerge && mapAt(existing.object, key)), ...data },
				},
			};
			continue;
		}
		const annotations = {
			...mapAt(kustomization, "generatorOptions", "annotations"),
			...mapAt(each, "options", "annotations"),
		};
		const namespace = stringAt(each, "namespace");
		const metadata = { name, ...(namespace && { namespace }), annotations };
		all.push({
			...makeResource(
				{ apiVersion: "v1", kind, metadata, [key]: data },
				{ file, line },
			),
			files,
		});
	}
	return all;
}

function readData(generator: YamlMap, tree: RepositoryTree, folder: string) {
	const data: Record<string, string> = {};
	const files: Record<string, string> = {};
	for (const entry of textsAt(generator, "files")) {
		const [first = "", second] = entry.split("=");
		const path = pathFrom(folder, second ?? first);
		const key = second === undefined ? posix.basename(first) : first;
		const text = tree.read(path);
		if (text === undefined) continue;
		data[key] = text;
		files[key] = path;
	}
	for (const entry of textsAt(generator, "literals")) {
		const at = entry.indexOf("=");
		data[entry.slice(0, at)] = entry
			.slice(at + 1)
			.replace(/^(["'])(.*)\1$/s, "$2");
	}
	for (const entry of [
		...textsAt(generator, "envs"),
		...textsAt(generator, "env"),
	])
		Object.assign(data, parseEnv(tree.read(pathFrom(folder, entry)) ?? ""));
	return { data, files };
}
