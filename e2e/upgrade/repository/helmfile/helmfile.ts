import { posix } from "node:path";
import {
	isMap,
	listAt,
	mapAt,
	mapsAt,
	parseDocuments,
	textAt,
	textsAt,
	type YamlDocument,
	type YamlMap,
	yamlAt,
} from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { mergePatch } from "../kustomize/patches.ts";
import {
	type ChartReference,
	type FoundRelease,
	joinValues,
	readValuesFrom,
} from "../release.ts";
import { readSetValues } from "../set-values.ts";
import { renderTemplate } from "../templates.ts";
import { readLayer } from "./layers.ts";

/** Files that helmfile reads by itself. */
const helmfileName =
	/(^|\/)helmfile\.ya?ml(\.gotmpl)?$|(^|\/)helmfile\.d\/[^/]+\.ya?ml(\.gotmpl)?$/;

/** A helmfile, for one of its environments. */
interface Helmfile {
	readonly file: string;
	readonly environment: string;
	readonly values: YamlMap;
	readonly unknown: readonly string[];
}

export function isHelmfile(path: string): boolean {
	return helmfileName.test(path);
}

/** The releases of a helmfile, in each of its environments. */
export function readHelmfile(
	tree: RepositoryTree,
	file: string,
): FoundRelease[] {
	// What a template looks up is only known once the environments are.
	const outline = readParts(tree, {
		file,
		environment: "default",
		values: {},
		unknown: [],
	});
	const environments = outline.parts.flatMap((part) =>
		Object.entries(mapAt(part.content, "environments")),
	);
	const named =
		environments.length > 0 ? environments : [["default", {}] as const];
	return named.flatMap(([environment, settings]) => {
		const values = environmentValues(tree, file, environment, settings);
		const { parts, unknown } = readParts(tree, {
			file,
			environment,
			values,
			unknown: [],
		});
		const variant = named.length > 1 ? environment : "";
		return parts.flatMap((part) =>
			mapsAt(part.content, "releases").map((release) => ({
				...makeFound(tree, release, parts, {
					file,
					environment,
					values,
					unknown,
				}),
				place: { file, line: lineOf(tree, file, textAt(release, "name")) },
				variant,
			})),
		);
	});
}

/** A helmfile's documents, rendered, with those of its bases. */
function readParts(
	tree: RepositoryTree,
	{ file, environment, values }: Helmfile,
	depth = 0,
): { parts: YamlDocument[]; unknown: string[] } {
	const text = tree.read(file);
	if (text === undefined || depth > 5) return { parts: [], unknown: [] };
	const context = {
		Environment: { Name: environment },
		Values: values,
		StateValues: values,
		Namespace: "",
	};
	const unknown = new Set<string>();
	const documents = text.split(/^---\s*$/m).flatMap((part) => {
		const rendered = renderTemplate(part, context);
		for (const each of rendered.unknown) unknown.add(each);
		return parseDocuments(rendered.text, file);
	});
	const bases = documents
		.flatMap(({ content }) => textsAt(content, "bases"))
		.map((base) =>
			readParts(
				tree,
				{
					file: pathFrom(posix.dirname(file), base),
					environment,
					values,
					unknown: [],
				},
				depth + 1,
			),
		);
	return {
		parts: [...bases.flatMap(({ parts }) => parts), ...documents],
		unknown: [...bases.flatMap((base) => base.unknown), ...unknown],
	};
}

function environmentValues(
	tree: RepositoryTree,
	file: string,
	environment: string,
	settings: unknown,
): YamlMap {
	const folder = posix.dirname(file);
	return listAt(settings, "values").reduce<YamlMap>((before, each) => {
		const layer =
			typeof each === "string"
				? parseDocuments(
						renderTemplate(tree.read(pathFrom(folder, each)) ?? "", {
							Environment: { Name: environment },
							Values: before,
						}).text,
						each,
					)[0]?.content
				: each;
		const merged = isMap(layer) ? mergePatch(before, layer) : before;
		return isMap(merged) ? merged : before;
	}, {});
}

function makeFound(
	tree: RepositoryTree,
	release: YamlMap,
	parts: readonly YamlDocument[],
	helmfile: Helmfile,
): Omit<FoundRelease, "place" | "variant"> {
	const name = textAt(release, "name") ?? "";
	// `inherit` names templates whose keys are defaults of the release.
	const inherited = mapsAt(release, "inherit")
		.map((each) => textAt(each, "template") ?? "")
		.concat(parts.flatMap(({ content }) => textsAt(content, "defaultInherit")));
	const templates = parts.map(({ content }) => mapAt(content, "templates"));
	const whole: YamlMap = Object.assign(
		{},
		...inherited
			.reverse()
			.flatMap((name) => templates.map((each) => mapAt(each, name))),
		release,
	);
	const context = {
		Environment: { Name: helmfile.environment },
		Values: helmfile.values,
		StateValues: helmfile.values,
		Release: {
			Name: name,
			Namespace: textAt(whole, "namespace") ?? "",
			Chart: textAt(whole, "chart") ?? "",
			Labels: mapAt(whole, "labels"),
		},
	};
	const folder = posix.dirname(helmfile.file);
	const values = joinValues([
		...listAt(whole, "values").map((each) =>
			readLayer(tree, each, folder, helmfile.file, context),
		),
		...textsAt(whole, "secrets").map((each) =>
			readValuesFrom(
				tree,
				pathFrom(folder, renderTemplate(each, context).text),
			),
		),
		readSetValues(
			mapsAt(whole, "set").map(
				(each) =>
					[textAt(each, "name") ?? "", textAt(each, "value") ?? ""] as const,
			),
			`${helmfile.file} (set)`,
		),
	]);
	return {
		deployer: "Helmfile",
		name,
		namespace: textAt(whole, "namespace") ?? "",
		chart: chartOfRelease(tree, whole, parts, folder),
		values: values.files,
		unknown: [...helmfile.unknown, ...values.unknown],
		bringsCrds: undefined,
	};
}

function chartOfRelease(
	tree: RepositoryTree,
	release: YamlMap,
	parts: readonly YamlDocument[],
	folder: string,
): ChartReference {
	const chart = textAt(release, "chart") ?? "";
	const version = textAt(release, "version");
	const name = chart.split("/").at(-1) ?? chart;
	if (chart.startsWith("oci://")) return { name, version, source: chart };
	const local = pathFrom(folder, chart);
	if (/^\.{1,2}\//.test(chart) || tree.has(pathFrom(local, "Chart.yaml")))
		return { name, version, source: undefined, path: local };
	const repository = parts
		.flatMap(({ content }) => mapsAt(content, "repositories"))
		.find((each) => each.name === chart.split("/")[0]);
	const url = textAt(repository, "url");
	return {
		name,
		version,
		source:
			url !== undefined && yamlAt(repository, "oci") === true
				? `oci://${posix.join(url.replace("oci://", ""), name)}`
				: url,
	};
}

function lineOf(
	tree: RepositoryTree,
	file: string,
	name: string | undefined,
): number {
	const lines = (tree.read(file) ?? "").split("\n");
	const at = lines.findIndex((line) =>
		new RegExp(
			`^\\s*-?\\s*name:\\s*["']?${RegExp.escape(name ?? "")}["']?\\s*$`,
		).test(line),
	);
	return at + 1;
}
