import { posix } from "node:path";
import {
	isMap,
	mapAt,
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import type { Resource } from "../kustomize/resource.ts";
import { renderTemplate, type TemplateContext } from "../templates.ts";
import type { Application } from "./applications.ts";

/** The parameters of one Application that a generator makes. */
interface Parameters {
	readonly context: TemplateContext;
	/** For people. */
	readonly variant: string;
}

/** The Applications that an ApplicationSet makes, as far as the repository says. */
export function expandApplicationSet(
	set: Resource,
	tree: RepositoryTree,
): Application[] {
	const { object, place } = set;
	const isGo = mapAt(object, "spec").goTemplate === true;
	const template = mapAt(object, "spec", "template");
	const made = mapsAt(object, "spec", "generators").flatMap((generator) =>
		parametersOf(generator, tree),
	);
	return made.map(({ context, variant }) => {
		const unknown = new Set(set.unknown);
		const rendered = renderStrings(template, context, isGo, unknown);
		if ("templatePatch" in mapAt(object, "spec"))
			unknown.add(`templatePatch of ${place.file} is left out`);
		const patch = stringAt(object, "spec", "templatePatch");
		return {
			object: { ...(isMap(rendered) && rendered), kind: "Application" },
			place,
			variant: made.length > 1 ? variant : "",
			isGenerated: true,
			unknown: [...unknown],
			unread: [
				...(set.unread ?? []),
				...(patch === undefined
					? []
					: [{ what: `templatePatch of ${place.file}`, content: patch }]),
			],
		};
	});
}

function renderStrings(
	value: unknown,
	context: TemplateContext,
	isGo: boolean,
	unknown: Set<string>,
): unknown {
	const walk = (each: unknown): unknown => {
		if (Array.isArray(each)) return each.map(walk);
		if (isMap(each))
			return Object.fromEntries(
				Object.entries(each).map(([key, inner]) => [key, walk(inner)]),
			);
		if (typeof each !== "string" || !each.includes("{{")) return each;
		if (!isGo) return replaceTags(each, context);
		const rendered = renderTemplate(each, context);
		for (const sentence of rendered.unknown) unknown.add(sentence);
		return rendered.text;
	};
	return walk(value);
}

/** The older templates: `{{path.basename}}`; one that is not known stays. */
function replaceTags(text: string, context: TemplateContext): string {
	const tags = flatten(context);
	return text.replaceAll(
		/\{\{\s*([\w.[\]-]+)\s*\}\}/g,
		(whole, name: string) => tags.get(name) ?? whole,
	);
}

function flatten(value: unknown, prefix = ""): Map<string, string> {
	const tags = new Map<string, string>();
	for (const [key, each] of Object.entries(isMap(value) ? value : {})) {
		const name = prefix ? `${prefix}.${key}` : key;
		if (isMap(each))
			for (const [inner, text] of flatten(each, name)) tags.set(inner, text);
		else tags.set(name, String(each));
	}
	const path = tags.get("path.path");
	if (path !== undefined && prefix === "") {
		tags.set("path", path);
		for (const [i, segment] of path.split("/").entries())
			tags.set(`path[${i}]`, segment);
	}
	return tags;
}

function parametersOf(generator: YamlMap, tree: RepositoryTree): Parameters[] {
	const extra = {
		...mapAt(generator, "git", "values"),
		...mapAt(generator, "list", "values"),
	};
	const own = ownParameters(generator, tree);
	return Object.keys(extra).length === 0
		? own
		: own.map(({ context, variant }) => ({
				variant,
				context: { ...context, values: extra },
			}));
}

function ownParameters(generator: YamlMap, tree: RepositoryTree): Parameters[] {
	if ("list" in generator)
		return mapsAt(generator, "list", "elements").map((element) => ({
			context: element,
			variant: Object.values(element)
				.filter((each) => typeof each === "string")
				.slice(0, 2)
				.join(" "),
		}));
	if ("git" in generator) {
		const git = mapAt(generator, "git");
		return "files" in git ? fromFiles(git, tree) : fromFolders(git, tree);
	}
	const nested = [
		...mapsAt(generator, "matrix", "generators"),
		...mapsAt(generator, "merge", "generators"),
	];
	if (nested.length > 0)
		return nested
			.map((each) => parametersOf(each, tree))
			.reduce((before, more) =>
				before.flatMap((a) =>
					more.map((b) => ({
						context: { ...a.context, ...b.context },
						variant: [a.variant, b.variant].filter(Boolean).join(" "),
					})),
				),
			);
	// Clusters, plugins and the like: what they say is not in the repository.
	return [{ context: {}, variant: "" }];
}

function fromFolders(git: YamlMap, tree: RepositoryTree): Parameters[] {
	const entries = mapsAt(git, "directories");
	const matches = (folder: string, isExcluded: boolean) =>
		entries
			.filter(({ exclude }) => (exclude === true) === isExcluded)
			.some((each) => isMatch(folder, stringAt(each, "path") ?? ""));
	return tree.folders
		.filter((folder) => matches(folder, false) && !matches(folder, true))
		.map((folder) => ({
			context: { path: describe(folder) },
			variant: folder,
		}));
}

function fromFiles(git: YamlMap, tree: RepositoryTree): Parameters[] {
	const patterns = mapsAt(git, "files").map(
		(each) => stringAt(each, "path") ?? "",
	);
	return tree.paths
		.filter((path) => patterns.some((pattern) => isMatch(path, pattern)))
		.map((path) => ({
			context: {
				...tree.document(path)?.content,
				path: {
					...describe(posix.dirname(path)),
					filename: posix.basename(path),
				},
			},
			variant: path,
		}));
}

function isMatch(path: string, pattern: string): boolean {
	return posix.matchesGlob(path, pathFrom(".", pattern));
}

function describe(folder: string) {
	const basename = posix.basename(folder);
	return {
		path: folder,
		basename,
		basenameNormalized: basename.replaceAll(/[^a-zA-Z0-9-]+/g, "-"),
		segments: folder.split("/"),
	};
}
