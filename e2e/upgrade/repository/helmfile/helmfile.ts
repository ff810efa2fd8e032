import { posix } from "node:path";
import {
	isMap,
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { parseDocuments, type YamlDocument } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { mergePatch } from "../kustomize/patches.ts";
import type { FoundRelease } from "../release.ts";
import type { TemplateContext } from "../templates/evaluate.ts";
import type { UnreadPart } from "../unread.ts";
import {
	type Helmfile,
	isInstalled,
	makeHelmfileRelease,
} from "./helmfile-release.ts";
import { renderHelmfileText } from "./render-file.ts";

/** Files that helmfile reads by itself. */
const helmfileName =
	/(^|\/)helmfile\.ya?ml(\.gotmpl)?$|(^|\/)helmfile\.d\/[^/]+\.ya?ml(\.gotmpl)?$/;

/** No helmfile is nested deeper. */
const deepest = 5;

/** Whether a file is a helmfile by its name or, since `helmfile -f` takes any file, by what is in it. */
export function isHelmfile(tree: RepositoryTree, path: string): boolean {
	if (helmfileName.test(path)) return true;
	if (!/\.ya?ml(\.gotmpl)?$/.test(path)) return false;
	const text = tree.read(path) ?? "";
	return (
		/^releases:/m.test(text) &&
		/^\s+(- )?chart:\s*["']?[\w.{]/m.test(text) &&
		!/^(kind|apiVersion):/m.test(text)
	);
}

/** The releases of a helmfile, in each of its environments, and of those that it names. */
export function readHelmfile(
	tree: RepositoryTree,
	file: string,
	depth = 0,
): FoundRelease[] {
	// What a template looks up is only known once the environments are.
	const usual = { name: "default", values: {} };
	const outline = readParts(tree, file, usual);
	const environments = outline.parts.flatMap(({ content }) =>
		Object.entries(mapAt(content, "environments")).map(([name, settings]) => ({
			name,
			values: environmentValues(tree, file, name, settings),
		})),
	);
	const named = environments.length > 0 ? environments : [usual];
	const own = named.flatMap((environment) => {
		const { parts, ...about } = readParts(tree, file, environment);
		const helmfile = { file, environment, parts, ...about };
		return parts.flatMap(({ content }) =>
			mapsAt(content, "releases")
				.filter((release) => isInstalled(release, environment))
				.map((release) => ({
					...makeHelmfileRelease(tree, release, helmfile),
					place: { file, line: lineOf(tree, file, stringAt(release, "name")) },
					variant: named.length > 1 ? environment.name : "",
				})),
		);
	});
	if (depth > deepest) return own;
	const patterns = outline.parts
		.flatMap(({ content }) => listAt(content, "helmfiles"))
		.map((each) => (typeof each === "string" ? each : stringAt(each, "path")))
		.map((each) => pathFrom(posix.dirname(file), each ?? ""));
	return [
		...own,
		...tree.paths
			.filter((path) => !isHelmfile(tree, path))
			.filter((path) => patterns.some((each) => posix.matchesGlob(path, each)))
			.flatMap((path) => readHelmfile(tree, path, depth + 1)),
	];
}

/** A helmfile's documents, rendered, with those of its bases. */
function readParts(
	tree: RepositoryTree,
	file: string,
	environment: Helmfile["environment"],
	depth = 0,
): Pick<Helmfile, "parts" | "unknown" | "unread"> {
	const text = tree.read(file);
	if (text === undefined || depth > deepest)
		return { parts: [], unknown: [], unread: [] };
	const { name, values } = environment;
	const context = {
		Environment: { Name: name, Values: values },
		...{ Values: values, StateValues: values },
	};
	const unknown = new Set<string>();
	const unread: UnreadPart[] = [];
	const documents = text.split(/^---\s*$/m).flatMap((part): YamlDocument[] => {
		const rendered = renderHelmfileText(tree, file, part, context);
		for (const each of rendered.unknown) unknown.add(each);
		unread.push(...rendered.unread);
		return parseDocuments(rendered.text, file);
	});
	const bases = documents
		.flatMap(({ content }) => textsAt(content, "bases"))
		.map((base) => pathFrom(posix.dirname(file), base))
		.map((base) => readParts(tree, base, environment, depth + 1));
	return {
		parts: [...bases.flatMap(({ parts }) => parts), ...documents],
		unknown: [...bases.flatMap((base) => base.unknown), ...unknown],
		unread: [...bases.flatMap((base) => base.unread), ...unread],
	};
}

function environmentValues(
	tree: RepositoryTree,
	file: string,
	environment: string,
	settings: unknown,
): YamlMap {
	let values: YamlMap = {};
	for (const each of listAt(settings, "values")) {
		const layer =
			typeof each === "string"
				? readTemplate(tree, pathFrom(posix.dirname(file), each), {
						Environment: { Name: environment, Values: values },
						Values: values,
					})
				: each;
		const merged = isMap(layer) ? mergePatch(values, layer) : values;
		if (isMap(merged)) values = merged;
	}
	return values;
}

function readTemplate(
	tree: RepositoryTree,
	path: string,
	context: TemplateContext,
): YamlMap | undefined {
	const written = tree.read(path) ?? "";
	const { text } = renderHelmfileText(tree, path, written, context);
	return parseDocuments(text, path)[0]?.content;
}

function lineOf(
	tree: RepositoryTree,
	file: string,
	name: string | undefined,
): number {
	const lines = (tree.read(file) ?? "").split("\n");
	const named = new RegExp(
		`^\\s*-?\\s*name:\\s*["']?${RegExp.escape(name ?? "")}["']?\\s*$`,
	);
	const at = lines.findIndex((line) => named.test(line));
	if (at !== -1) return at + 1;
	// A template makes the name, perhaps in a loop; or it stands in another file.
	const releases = lines.findIndex((line) => /^releases:/.test(line));
	const made = lines.findIndex(
		(line, i) => i > releases && /^\s*(-\s+)?name:.*\{\{/.test(line),
	);
	return Math.max(made, releases, 0) + 1;
}
