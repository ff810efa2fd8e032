import {
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import { pathFrom } from "../git/tree.ts";
import type {
	Built,
	ChartEntries,
	KustomizeBuilder,
} from "../kustomize/build.ts";
import { applyKustomizePatch } from "../kustomize/patches.ts";
import { renameResources } from "../kustomize/rename.ts";
import {
	groupOf,
	kindOf,
	nameOfResource,
	namespaceOf,
	type Resource,
} from "../kustomize/resource.ts";
import { isManifestFile } from "../kustomize/wanted.ts";
import { nearest, readData } from "./data.ts";
import { type Substitutions, substituteIn } from "./substitute.ts";

/** Objects that are applied together, e.g. by one Kustomization of Flux. */
export interface AppliedSet {
	/** What applies them, e.g. the path of a folder. */
	readonly origin: string;
	readonly resources: readonly Resource[];
	readonly charts: readonly ChartEntries[];
	/** Whether it is deleted once it is gone from the repository; undefined if that is not said. */
	readonly prunes?: boolean;
}

const group = "kustomize.toolkit.fluxcd.io";

export function isFluxKustomization(resource: Resource): boolean {
	return kindOf(resource) === "Kustomization" && groupOf(resource) === group;
}

/**
 * What Flux applies: each of its Kustomizations with those that it applies in turn, since patches go down the chain.
 *
 * @param data every ConfigMap and Secret of the repository
 */
export function expandFlux(
	builder: KustomizeBuilder,
	data: readonly Resource[],
): AppliedSet[] {
	const { tree } = builder;
	const written = tree.paths
		.filter(isManifestFile)
		.flatMap((path) => builder.objectsOf(path))
		.filter(isFluxKustomization);
	const keyOf = ({ place }: Resource) => `${place.file}:${place.line}`;
	const build = (kustomization: Resource) => {
		const path = folderOf(kustomization);
		return path !== undefined && tree.isFolder(path)
			? builder.build(path)
			: undefined;
	};
	const children = new Map(
		written.map((each) => [
			keyOf(each),
			(build(each)?.resources ?? [])
				.filter(isFluxKustomization)
				.map(keyOf)
				.filter((key) => key !== keyOf(each)),
		]),
	);
	const applied = new Set([...children.values()].flat());
	const roots = written.filter((each) => !applied.has(keyOf(each)));
	const expand = (
		kustomization: Resource,
		above: readonly string[],
	): AppliedSet[] => {
		const built = build(kustomization);
		if (!built || above.includes(keyOf(kustomization))) return [];
		const substitutions = substitutionsOf(kustomization, data);
		const { resources: all, charts } = transform(kustomization, built, builder);
		const resources = all.map((each) =>
			substitutions ? substituteIn(each, substitutions) : each,
		);
		const own = {
			origin: `${folderOf(kustomization)} by Kustomization ${nameOfResource(kustomization)}`,
			resources,
			charts,
			prunes: yamlAt(kustomization.object, "spec", "prune") !== false,
		};
		return [
			own,
			...resources
				.filter(isFluxKustomization)
				.flatMap((each) => expand(each, [...above, keyOf(kustomization)])),
		];
	};
	// If each is applied by another one, any will do to begin with.
	return (roots.length > 0 ? roots : written.slice(0, 1)).flatMap((each) =>
		expand(each, []),
	);
}

/** The folder that a Kustomization applies; undefined if it is in another repository. */
function folderOf({ object }: Resource): string | undefined {
	const kind = stringAt(object, "spec", "sourceRef", "kind") ?? "GitRepository";
	return kind === "GitRepository" || kind === "OCIRepository"
		? pathFrom(".", stringAt(object, "spec", "path") ?? "./")
		: undefined;
}

function transform(
	kustomization: Resource,
	built: Built,
	builder: KustomizeBuilder,
): Built {
	const spec = mapAt(kustomization.object, "spec");
	const folder = folderOf(kustomization) ?? ".";
	const { resources, charts } = textsAt(spec, "components").reduce(
		(before, entry) => builder.addComponent(before, pathFrom(folder, entry)),
		built,
	);
	const patched = mapsAt(spec, "patches").reduce(
		(before, patch) =>
			applyKustomizePatch(
				before,
				stringAt(patch, "patch") ?? "",
				"target" in patch ? mapAt(patch, "target") : undefined,
			),
		[...resources],
	);
	return {
		resources: renameResources(patched, spec, "targetNamespace"),
		charts,
	};
}

/** Undefined if the Kustomization substitutes nothing. */
function substitutionsOf(
	kustomization: Resource,
	data: readonly Resource[],
): Substitutions | undefined {
	const { object, place } = kustomization;
	const known = new Map<string, string>();
	const missing: string[] = [];
	if (yamlAt(object, "spec", "postBuild") === undefined) return undefined;
	for (const source of mapsAt(object, "spec", "postBuild", "substituteFrom")) {
		const kind = stringAt(source, "kind") ?? "ConfigMap";
		const name = stringAt(source, "name") ?? "";
		const found = nearest(
			data,
			kind,
			name,
			namespaceOf(kustomization),
			place.file,
		);
		if (found)
			for (const [key, value] of readData(found).data) known.set(key, value);
		else missing.push(`${kind} ${name}`);
	}
	const own = mapAt(object, "spec", "postBuild", "substitute");
	for (const [key, value] of Object.entries(own)) known.set(key, String(value));
	return { known, missing };
}
