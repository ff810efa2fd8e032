import { posix } from "node:path";
import {
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import { makeHelm } from "../../tools/helm.ts";
import type { Tool } from "../../tools/tool.ts";
import { isInRange, lockedVersion } from "../chart-lock.ts";
import { type ChartOfGit, readChartOfGit } from "../chart-of-git.ts";
import type { YamlDocument } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { helmMajorIn, helmMajorOf } from "../helm-version.ts";
import {
	type ChartReference,
	type FoundRelease,
	joinValues,
} from "../release.ts";
import { renderTemplate } from "../templates/render.ts";
import type { UnreadPart } from "../unread.ts";
import { readLayer, readTemplateLayer } from "./layers.ts";
import { readHelmfileSettings, readRenderers } from "./settings.ts";

/** A helmfile, for one of its environments. */
export interface Helmfile {
	readonly file: string;
	readonly environment: { readonly name: string; readonly values: YamlMap };
	/** Its documents, rendered, with those of its bases. */
	readonly parts: readonly YamlDocument[];
	/** What is not known of it, a sentence each. */
	readonly unknown: readonly string[];
	readonly unread: readonly UnreadPart[];
}

/** Whether helmfile installs a release. */
export function isInstalled(
	release: YamlMap,
	{ values }: Helmfile["environment"],
): boolean {
	const condition = stringAt(release, "condition");
	return (
		release.installed !== false &&
		(condition === undefined ||
			yamlAt(values, ...condition.split(".")) === true)
	);
}

/** A release of a helmfile, all but its place. */
export function makeHelmfileRelease(
	tree: RepositoryTree,
	release: YamlMap,
	{ file, environment, parts, unknown, unread }: Helmfile,
): Omit<FoundRelease, "place" | "variant"> {
	const name = stringAt(release, "name") ?? "";
	// `inherit` names templates whose keys are defaults of the release.
	const inherited = mapsAt(release, "inherit")
		.map((each) => stringAt(each, "template") ?? "")
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
		Environment: { Name: environment.name, Values: environment.values },
		Values: environment.values,
		StateValues: environment.values,
		Release: {
			Name: name,
			Namespace: stringAt(whole, "namespace") ?? "",
			Chart: stringAt(whole, "chart") ?? "",
			Labels: mapAt(whole, "labels"),
		},
	};
	const folder = posix.dirname(file);
	const { chart, ...about } = chartOfRelease(tree, whole, parts, file);
	// Helmfile may be told to go on without a file: most are there for some environments only.
	const isForgiven = /^(Warn|Info|Debug)$/.test(
		stringAt(whole, "missingFileHandler") ?? "",
	);
	const isWanted = (each: unknown) =>
		typeof each !== "string" ||
		!isForgiven ||
		tree.has(pathFrom(folder, renderTemplate(each, context).text));
	const layers = ["values", "secrets"].flatMap((key) => listAt(whole, key));
	const values = joinValues([
		...layers
			.filter(isWanted)
			.map((each) => readLayer(tree, each, folder, file, context)),
		...listAt(whole, "valuesTemplate").map((each) =>
			readTemplateLayer(tree, each, folder, file, context),
		),
		...readHelmfileSettings(tree, whole, file, context),
	]);
	const renderers = readRenderers(whole);
	return {
		deployer: "Helmfile",
		name,
		namespace: stringAt(whole, "namespace") ?? "",
		chart,
		values: values.files,
		unknown: [
			...unknown,
			...about.unknown,
			...values.unknown,
			...renderers.unknown,
		],
		unread: [...unread, ...about.unread, ...values.unread, ...renderers.unread],
		tool: toolOf(tree, whole, parts),
	};
}

/** Helm, in the version of `helmBinary`; hooks that have to do with CRDs are taken for what applies them. */
function toolOf(
	tree: RepositoryTree,
	release: YamlMap,
	parts: readonly YamlDocument[],
): Tool {
	const binary = parts.flatMap(
		({ content }) => stringAt(content, "helmBinary") ?? [],
	);
	const hooks = [
		...listAt(release, "hooks"),
		...parts.flatMap(({ content }) => listAt(content, "hooks")),
	];
	const helm = makeHelm(
		helmMajorOf(binary.at(-1)) ?? helmMajorIn(tree),
		"Helmfile",
	);
	return /\bcrds?\b/i.test(JSON.stringify(hooks))
		? { ...helm, crds: "replaced" }
		: helm;
}

function chartOfRelease(
	tree: RepositoryTree,
	release: YamlMap,
	parts: readonly YamlDocument[],
	file: string,
): ChartOfGit {
	const chart = stringAt(release, "chart") ?? "";
	// As in go-getter's addresses: git::https://host/owner/repository@path?ref=tag.
	const [, address, path, query = ""] =
		/^git::(.+?)(?:@|(?<!:)\/\/)([^?@]+)(?:\?(.*))?$/.exec(chart) ?? [];
	return address !== undefined && path !== undefined
		? readChartOfGit(
				path,
				new URLSearchParams(query).get("ref") ?? undefined,
				address,
			)
		: {
				chart: readReference(tree, release, parts, file),
				unknown: [],
				unread: [],
			};
}

function readReference(
	tree: RepositoryTree,
	release: YamlMap,
	parts: readonly YamlDocument[],
	file: string,
): ChartReference {
	const folder = posix.dirname(file);
	const chart = stringAt(release, "chart") ?? "";
	const wanted = stringAt(release, "version");
	const name = chart.split("/").at(-1) ?? chart;
	if (chart.startsWith("oci://"))
		return { name, version: wanted, source: chart };
	const local = pathFrom(folder, chart);
	if (/^\.{1,2}\//.test(chart) || tree.has(pathFrom(local, "Chart.yaml")))
		return { name, version: wanted, source: undefined, path: local };
	const repository = parts
		.flatMap(({ content }) => mapsAt(content, "repositories"))
		.find((each) => each.name === chart.split("/")[0]);
	const url = stringAt(repository, "url");
	const named = parts.flatMap(
		({ content }) => stringAt(content, "lockFilePath") ?? [],
	);
	const lock = named.at(-1) ?? file.replace(/(\.ya?ml)?(\.gotmpl)?$/, ".lock");
	const lockPath = named.length > 0 ? pathFrom(folder, lock) : lock;
	const locked = lockedVersion(tree.document(lockPath)?.content, name, wanted);
	const isStale = locked !== undefined && !isInRange(locked, wanted);
	return {
		name,
		version: isStale ? wanted : (locked ?? wanted),
		...(isStale && {
			problem: `${file} wants ${name} ${wanted}, and ${lockPath} has ${locked}: run helmfile deps`,
		}),
		source:
			url !== undefined && yamlAt(repository, "oci") === true
				? `oci://${posix.join(url.replace("oci://", ""), name)}`
				: url,
	};
}
