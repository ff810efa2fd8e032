import type { Manifest } from "../../../clients/kube-objects.ts";
import {
	isMap,
	mapAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { isSopsDocument } from "../../../harness/chart/encryption.ts";
import { layerFiles } from "../../plan/values/values.ts";
import { nearest } from "../flux/data.ts";
import type { AppliedSet } from "../flux/kustomizations.ts";
import type { RepositoryTree } from "../git/tree.ts";
import {
	isCalled,
	kindOf,
	makeResource,
	namespaceOf,
	type Resource,
} from "../kustomize/resource.ts";
import type { FoundRelease } from "../release.ts";
import type { NeededObject } from "./needed-object.ts";
import { readUmbrella } from "./umbrella.ts";

/** What releases may need. */
export interface ReleaseSurroundings {
	readonly sets: readonly AppliedSet[];
	readonly everywhere: readonly Resource[];
}

const makerKinds = ["SealedSecret", "ExternalSecret"];

/** The Secrets and ConfigMaps that a release needs and that are made beside it, as far as they are in the repository. */
export function findNeeds(
	tree: RepositoryTree,
	release: FoundRelease,
	{ sets, everywhere }: ReleaseSurroundings,
): NeededObject[] {
	const names = namesIn(layerFiles(release.values));
	if (names.size === 0) return [];
	const umbrella = readUmbrella(tree, release).objects.map(
		({ content, place, isWhole }) => ({
			...makeResource(content, place),
			unknown: isWhole ? [] : ["a part of its template"],
		}),
	);
	const own = sets.find((set) => isIn(release, set));
	const { file } = release.place;
	return [...names].flatMap(([name, isConfiguration]) =>
		["Secret", "ConfigMap", ...makerKinds].flatMap((kind): NeededObject[] => {
			const find = (all: readonly Resource[]) =>
				nearest(
					all.filter((each) => isNear(each, release)).map(asCalled),
					kind,
					name,
					release.namespace,
					file,
				);
			const ofChart = find(umbrella);
			const together = ofChart ?? find(own?.resources ?? []);
			const found = together ?? find(everywhere);
			if (!found) return [];
			return [
				{
					object: toManifest(found, name),
					...{ name, isConfiguration },
					isReadable:
						["Secret", "ConfigMap"].includes(kind) &&
						!isSopsDocument(found.object) &&
						found.unknown.length === 0,
					isPruned:
						together !== undefined &&
						!isHeld(found.object) &&
						(ofChart ? isPrunedByTool(release) : own?.prunes !== false),
				},
			];
		}),
	);
}

/** What values name by a key such as `existingSecret`, `secrets`, `configMap` or `secret.name`; and whether it is a configuration. */
function namesIn(values: YamlMap): Map<string, boolean> {
	const names = new Map<string, boolean>();
	const walk = (value: unknown, path: string): void => {
		if (Array.isArray(value)) for (const each of value) walk(each, path);
		else if (isMap(value))
			for (const [key, each] of Object.entries(value))
				walk(each, `${path}.${key}`);
		else if (
			typeof value === "string" &&
			/secret|config_?map/i.test(path) &&
			!/[kK]ey$/.test(path) &&
			/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)
		)
			names.set(value, /config/i.test(path) || names.get(value) === true);
	};
	walk(values, "");
	return names;
}

/** Whether a set has what makes the release. */
function isIn(
	{ place, variant }: FoundRelease,
	{ origin, resources, charts }: AppliedSet,
): boolean {
	return (
		origin !== "" &&
		(variant === "" || variant === origin) &&
		[...resources, ...charts.map(({ document }) => document)].some(
			(each) =>
				each.place.file === place.file && each.place.line === place.line,
		)
	);
}

function isNear(each: Resource, { namespace }: FoundRelease): boolean {
	const own = namespaceOf(each);
	return !own || !namespace || own === namespace;
}

/** What makes a Secret is called as that. */
function asCalled(each: Resource): Resource {
	const target = stringAt(each.object, "spec", "target", "name");
	return target !== undefined &&
		makerKinds.includes(kindOf(each)) &&
		!isCalled(each, target)
		? { ...each, formerNames: [...each.formerNames, target] }
		: each;
}

function toManifest({ object }: Resource, name: string): Manifest {
	const isData = !makerKinds.includes(stringAt(object, "kind") ?? "");
	return {
		...object,
		apiVersion: stringAt(object, "apiVersion") ?? "v1",
		kind: stringAt(object, "kind") ?? "",
		metadata: {
			name: isData ? name : (stringAt(object, "metadata", "name") ?? name),
		},
	};
}

/** Whether an object says that it stays. */
function isHeld(object: YamlMap): boolean {
	const annotations = mapAt(object, "metadata", "annotations");
	return (
		annotations["helm.sh/resource-policy"] === "keep" ||
		annotations["kustomize.toolkit.fluxcd.io/prune"] === "disabled" ||
		/Prune=(false|confirm)/.test(
			String(annotations["argocd.argoproj.io/sync-options"] ?? ""),
		)
	);
}

/** Helm deletes what a chart no longer has; Argo CD only if it is told to. */
function isPrunedByTool({ tool }: FoundRelease): boolean {
	return tool.name !== "argo" || tool.prunes === true;
}
