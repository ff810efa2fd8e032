import { posix } from "node:path";
import {
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { objectsIn, type YamlDocument } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { addGenerated } from "./generators.ts";
import { applyKustomizePatch } from "./patches.ts";
import { renameResources } from "./rename.ts";
import { applyReplacement, parseReplacements } from "./replacements.ts";
import { kindOf, makeResource, type Resource } from "./resource.ts";
import { makeWanted } from "./wanted.ts";

const fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Chart entries of a kustomization, as they are written. */
export interface ChartEntries {
	readonly document: YamlDocument;
	readonly entries: readonly YamlMap[];
}

/** What Kustomize makes of a folder, of the kinds that have to do with Helm releases. */
export interface Built {
	readonly resources: readonly Resource[];
	/** Of the folder and of those below it; each is rendered in the end. */
	readonly charts: readonly ChartEntries[];
}

const nothing: Built = { resources: [], charts: [] };

/** Builds folders as Kustomize does, and remembers which files went into a build. */
export class KustomizeBuilder {
	readonly tree: RepositoryTree;
	/** Files and folders that another kustomization takes. */
	readonly used = new Set<string>();
	readonly #objects = new Map<string, readonly Resource[]>();

	readonly #isWanted: (text: string) => boolean;

	constructor(tree: RepositoryTree) {
		this.tree = tree;
		this.#isWanted = makeWanted(tree);
	}

	/** The path of a folder's kustomization; undefined if it has none. */
	fileIn(folder: string): string | undefined {
		return fileNames
			.map((name) => pathFrom(folder, name))
			.find((path) => this.tree.has(path));
	}

	/** The objects that are written in a file. */
	objectsOf(file: string): readonly Resource[] {
		const known = this.#objects.get(file);
		if (known) return known;
		const text = this.tree.read(file) ?? "";
		const objects = this.#isWanted(text)
			? objectsIn(this.tree.documents(file)).map(({ content, place }) =>
					makeResource(content, place),
				)
			: [];
		this.#objects.set(file, objects);
		return objects;
	}

	/**
	 * Builds a folder. Without a kustomization, it is all of its YAML files, as Flux takes it.
	 *
	 * @param above folders that are being built, so that none includes itself
	 */
	build(folder: string, above: readonly string[] = []): Built {
		if (above.includes(folder)) return nothing;
		const file = this.fileIn(folder);
		return file
			? this.#accumulate(nothing, file, [...above, folder])
			: this.#buildAll(folder, [...above, folder]);
	}

	/** Applies a component to what there is. */
	addComponent(
		before: Built,
		component: string,
		above: readonly string[] = [],
	): Built {
		const file = this.fileIn(component);
		this.used.add(component);
		return file && !above.includes(component)
			? this.#accumulate(before, file, [...above, component])
			: before;
	}

	#buildAll(folder: string, above: readonly string[]): Built {
		const parts: Built[] = [];
		for (const path of this.tree.below(folder).keys()) {
			const file = pathFrom(folder, path);
			const inner = posix.dirname(file);
			// A folder of its own is built as such.
			const owner = this.#ownerBelow(folder, inner);
			if (owner) {
				if (this.fileIn(owner) === file) {
					this.used.add(owner);
					parts.push(this.build(owner, above));
				}
			} else if (/\.ya?ml$/.test(file)) {
				this.used.add(file);
				parts.push({ resources: this.objectsOf(file), charts: [] });
			}
		}
		return joinBuilt(parts);
	}

	/** The topmost folder with a kustomization from a folder down to one below it. */
	#ownerBelow(folder: string, inner: string): string | undefined {
		const steps = posix.relative(folder, inner).split("/").filter(Boolean);
		return steps
			.map((_, i) => pathFrom(folder, steps.slice(0, i + 1).join("/")))
			.find((each) => this.fileIn(each));
	}

	/** Adds a kustomization, or a component, to what there is. */
	#accumulate(before: Built, file: string, above: readonly string[]): Built {
		const document = this.tree.document(file);
		if (!document) return before;
		this.used.add(file);
		const { content, place } = document;
		const folder = posix.dirname(file);
		const taken = [
			...textsAt(content, "resources"),
			...textsAt(content, "bases"),
		].map((entry) => this.#take(pathFrom(folder, entry), above));
		const entries = mapsAt(content, "helmCharts").concat(
			mapsAt(content, "helmChartInflationGenerator"),
			textsAt(content, "generators").flatMap((entry) =>
				this.#take(pathFrom(folder, entry), above)
					.resources.filter(
						(each) => kindOf(each) === "HelmChartInflationGenerator",
					)
					.map(({ object }) => object),
			),
		);
		let built = joinBuilt([before, ...taken]);
		if (entries.length > 0)
			built = { ...built, charts: [...built.charts, { document, entries }] };
		built = {
			...built,
			resources: addGenerated(built.resources, content, this.tree, place),
		};
		for (const entry of textsAt(content, "components"))
			built = this.addComponent(built, pathFrom(folder, entry), above);
		const namespace = stringAt(content, "namespace");
		return {
			resources: this.#replace(
				renameResources(this.#patch(built.resources, content, folder), content),
				content,
				folder,
			),
			charts: built.charts.map((each) =>
				namespace ? withNamespace(each, namespace) : each,
			),
		};
	}

	/** A resource of a kustomization: a file or a folder. Those of other machines are not read. */
	#take(path: string, above: readonly string[]): Built {
		this.used.add(path);
		if (this.tree.isFolder(path))
			return this.fileIn(path) ? this.build(path, above) : nothing;
		return { resources: this.objectsOf(path), charts: [] };
	}

	/** The text of a patch, or of the file that it names. */
	#textOf(patch: YamlMap, folder: string): string {
		const path = stringAt(patch, "path");
		if (path === undefined) return stringAt(patch, "patch") ?? "";
		const file = pathFrom(folder, path);
		this.used.add(file);
		return this.tree.read(file) ?? "";
	}

	/** Kustomize does it last, by names as they are then. */
	#replace(
		before: readonly Resource[],
		kustomization: YamlMap,
		folder: string,
	): readonly Resource[] {
		return mapsAt(kustomization, "replacements")
			.flatMap((entry) =>
				"path" in entry
					? parseReplacements(this.#textOf(entry, folder))
					: [entry],
			)
			.reduce(applyReplacement, before);
	}

	#patch(
		before: readonly Resource[],
		kustomization: YamlMap,
		folder: string,
	): readonly Resource[] {
		const textOf = (patch: YamlMap) => this.#textOf(patch, folder);
		let resources = before;
		for (const entry of textsAt(kustomization, "patchesStrategicMerge")) {
			const file = pathFrom(folder, entry);
			this.used.add(file);
			// An entry may be the patch itself.
			const text = this.tree.read(file) ?? entry;
			resources = applyKustomizePatch(resources, text, undefined);
		}
		const patches = [
			...mapsAt(kustomization, "patches"),
			...mapsAt(kustomization, "patchesJson6902"),
		];
		for (const patch of patches)
			resources = applyKustomizePatch(
				resources,
				textOf(patch),
				"target" in patch ? mapAt(patch, "target") : undefined,
			);
		return resources;
	}
}

function withNamespace(
	{ document, entries }: ChartEntries,
	namespace: string,
): ChartEntries {
	return {
		document,
		entries: entries.map((each) => ({ namespace, ...each })),
	};
}

function joinBuilt(parts: readonly Built[]): Built {
	return {
		resources: parts.flatMap(({ resources }) => resources),
		charts: parts.flatMap(({ charts }) => charts),
	};
}
