import { posix } from "node:path";
import { merge } from "es-toolkit";
import { parse } from "yaml";
import { asGoReads } from "../../../common/parsing/go-yaml.ts";
import {
	isMap,
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import type { TemplateContext } from "../templates/evaluate.ts";
import { flattenParameters, renderStrings } from "./set-templates.ts";

/** The parameters of one Application that a generator makes. */
export interface SetParameters {
	readonly context: TemplateContext;
	/** For people. */
	readonly variant: string;
}

/** What the generators of an ApplicationSet are read with. */
export interface GeneratorSurroundings {
	readonly tree: RepositoryTree;
	/** Whether Go's templates are on. */
	readonly isGo: boolean;
	/** Gets a sentence for each parameter that is not known. */
	readonly unknown: Set<string>;
}

/** What a generator of an ApplicationSet makes, as far as the repository says. */
export function readGenerator(
	generator: YamlMap,
	around: GeneratorSurroundings,
): SetParameters[] {
	// Each kind of generator may add values of its own, made of its parameters.
	const values = Object.values(generator)
		.map((settings) => mapAt(settings, "values"))
		.find((each) => Object.keys(each).length > 0);
	const selected = mapAt(generator, "selector", "matchLabels");
	return ownParameters(generator, around)
		.map(({ context, variant }) => ({
			variant,
			context:
				values === undefined
					? context
					: { ...context, values: render(values, context, around) },
		}))
		.filter(({ context }) => {
			const tags = flattenParameters(context);
			return Object.entries(selected).every(
				([key, wanted]) => (tags.get(key) ?? wanted) === wanted,
			);
		});
}

function render(
	value: unknown,
	context: TemplateContext,
	{ isGo, unknown }: GeneratorSurroundings,
): unknown {
	return renderStrings(value, context, isGo, unknown);
}

function ownParameters(
	generator: YamlMap,
	around: GeneratorSurroundings,
): SetParameters[] {
	if ("list" in generator) return fromList(mapAt(generator, "list"));
	if ("git" in generator) {
		const git = mapAt(generator, "git");
		return "files" in git
			? fromFiles(git, around.tree)
			: fromFolders(git, around.tree);
	}
	if ("matrix" in generator)
		return mapsAt(generator, "matrix", "generators").reduce(
			(before: SetParameters[], each) =>
				before.flatMap((a) => multiply(a, each, around)),
			[{ context: {}, variant: "" }],
		);
	if ("merge" in generator)
		return mergeGenerators(mapAt(generator, "merge"), around);
	// Clusters, plugins and the like: what they say is not in the repository.
	return [{ context: {}, variant: describeSelector(generator) }];
}

/** The second generator of a matrix may use what the first one makes. */
function multiply(
	a: SetParameters,
	generator: YamlMap,
	around: GeneratorSurroundings,
): SetParameters[] {
	// A parameter that is not known is told once, where it is used.
	const rendered = render(generator, a.context, {
		...around,
		unknown: new Set(),
	});
	return readGenerator(isMap(rendered) ? rendered : generator, around).map(
		(b) => ({
			context: { ...a.context, ...b.context },
			variant: [a.variant, b.variant].filter(Boolean).join(" "),
		}),
	);
}

/** The parameters of the first generator, each with those of the others that have the same keys. */
function mergeGenerators(
	settings: YamlMap,
	around: GeneratorSurroundings,
): SetParameters[] {
	const keys = textsAt(settings, "mergeKeys");
	const [first = [], ...others] = mapsAt(settings, "generators").map((each) =>
		readGenerator(each, around),
	);
	const keyOf = ({ context }: SetParameters) => {
		const tags = flattenParameters(context);
		const found = keys.flatMap((key) => tags.get(key) ?? []);
		return found.length === keys.length ? found.join("\n") : undefined;
	};
	return first.flatMap((base) => {
		const key = keyOf(base);
		const matching = others.flat().filter((each) => {
			const own = keyOf(each);
			return key === undefined || own === undefined || own === key;
		});
		// Of clusters it is not known which is which: each may be as the first generator says, or as one of the others.
		if (key === undefined || matching.some((each) => keyOf(each) === undefined))
			return [base, ...matching.map((each) => override(base, each))];
		return [matching.reduce(override, base)];
	});
}

function override(below: SetParameters, above: SetParameters): SetParameters {
	return {
		context: merge(structuredClone(below.context), above.context),
		variant: [...new Set([below.variant, above.variant])]
			.filter(Boolean)
			.join(" "),
	};
}

/** Tells apart generators that are for different clusters. */
function describeSelector(generator: YamlMap): string {
	const selector = mapAt(generator, "clusters", "selector");
	return [
		...Object.entries(mapAt(selector, "matchLabels")).map(
			([key, value]) => `${key}=${value}`,
		),
		...mapsAt(selector, "matchExpressions").map((each) =>
			[
				stringAt(each, "key"),
				stringAt(each, "operator"),
				listAt(each, "values").join(","),
			].join(" "),
		),
	].join(" ");
}

function fromList(list: YamlMap): SetParameters[] {
	return [
		...mapsAt(list, "elements"),
		...parseMaps(stringAt(list, "elementsYaml") ?? ""),
	].map((element) => ({
		context: element,
		variant: Object.values(element)
			.filter((each) => typeof each === "string")
			.slice(0, 2)
			.join(" "),
	}));
}

/** A text that is a map, or a list of them. */
function parseMaps(text: string): YamlMap[] {
	try {
		const content: unknown = parse(text, { logLevel: "silent", ...asGoReads });
		return mapsAt({ all: Array.isArray(content) ? content : [content] }, "all");
	} catch {
		return [];
	}
}

function fromFolders(git: YamlMap, tree: RepositoryTree): SetParameters[] {
	const entries = mapsAt(git, "directories");
	const matches = (folder: string, isExcluded: boolean) =>
		entries
			.filter(({ exclude }) => (exclude === true) === isExcluded)
			.some((each) => isMatch(folder, stringAt(each, "path") ?? ""));
	return tree.folders
		.filter((folder) => matches(folder, false) && !matches(folder, true))
		.map((folder) => ({
			context: withPrefix(git, { path: describe(folder) }),
			variant: folder,
		}));
}

function fromFiles(git: YamlMap, tree: RepositoryTree): SetParameters[] {
	const entries = mapsAt(git, "files");
	const matches = (path: string, isExcluded: boolean) =>
		entries
			.filter(({ exclude }) => (exclude === true) === isExcluded)
			.some((each) => isMatch(path, stringAt(each, "path") ?? ""));
	return tree.paths
		.filter((path) => matches(path, false) && !matches(path, true))
		.flatMap((path) => {
			const maps = parseMaps(tree.read(path) ?? "");
			const described = {
				...describe(posix.dirname(path)),
				filename: posix.basename(path),
			};
			return maps.map((content, i) => ({
				context: { ...content, ...withPrefix(git, { path: described }) },
				variant: maps.length > 1 ? `${path} ${i + 1}` : path,
			}));
		});
}

function withPrefix(git: YamlMap, parameters: YamlMap): YamlMap {
	const prefix = stringAt(git, "pathParamPrefix");
	return prefix === undefined ? parameters : { [prefix]: parameters };
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
