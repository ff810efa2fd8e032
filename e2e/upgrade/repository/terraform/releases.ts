import { posix } from "node:path";
import {
	isMap,
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { makePlaceholder } from "../../../harness/chart/encryption.ts";
import { makeHelm } from "../../tools/helm.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import {
	type ChartReference,
	type FoundRelease,
	joinValues,
	type ReadValues,
	readValuesText,
} from "../release.ts";
import { readSetValues } from "../set-values.ts";
import type { UnreadPart } from "../unread.ts";
import type { HclBlock } from "./hcl-body.ts";
import { evaluateHcl, type HclScope } from "./hcl-expressions.ts";
import { makeTerraformScope, terraformBlocks } from "./variables.ts";

/** The `helm_release` resources of a Terraform file. */
export function readTerraform(
	tree: RepositoryTree,
	file: string,
): FoundRelease[] {
	return terraformBlocks(tree, posix.dirname(file))
		.filter(
			({ file: own, block: { type, labels } }) =>
				own === file && type === "resource" && labels[0] === "helm_release",
		)
		.flatMap(({ block }) => readRelease(tree, file, block));
}

function readRelease(
	tree: RepositoryTree,
	file: string,
	block: HclBlock,
): FoundRelease[] {
	const { attributes, blocks } = block.body;
	const folder = posix.dirname(file);
	const unknown = new Set<string>();
	const unread: UnreadPart[] = [];
	const report = (expression: string) => {
		unknown.add(
			`${expression} of ${file} is not known: ${makePlaceholder(expression)} stands for it`,
		);
		unread.push({
			what: `${expression} of ${file}`,
			content: contentOf(tree, folder, expression),
		});
	};
	const scope = makeTerraformScope(tree, folder, report);
	/** Undefined if it is not set, or not known. */
	const textOf = (name: string) => knownText(attributes.get(name), scope);
	const chart = textOf("chart");
	if (chart === undefined) return [];
	const version = textOf("version");
	if (version === undefined && attributes.has("version"))
		unknown.add("the version is a variable of Terraform: it is not known");
	const renderers = blocks.filter(({ type }) => type === "postrender");
	for (const { source } of renderers)
		unread.push({ what: `postrender of ${file}`, content: source });
	const values = joinValues([
		...readTexts(attributes.get("values"), file, scope),
		readSettings(block, file, scope),
	]);
	for (const { type, labels, source } of blocks)
		if (type === "dynamic" && setKinds.includes(labels[0] ?? "")) {
			const what = `dynamic ${labels[0]} of ${file}`;
			unknown.add(`${what} is left out`);
			unread.push({ what, content: source });
		}
	const text = tree.read(file) ?? "";
	return [
		{
			deployer: "Terraform",
			name: textOf("name") ?? block.labels[1] ?? "",
			namespace: textOf("namespace") ?? "",
			chart: chartOf(chart, version, textOf("repository"), tree, folder),
			values: values.files,
			place: { file, line: text.slice(0, block.at).split("\n").length },
			variant: "",
			unknown: [
				...unknown,
				...values.unknown,
				...(renderers.length > 0
					? ["postrender changes the rendered objects: it is left out"]
					: []),
			],
			unread: [...unread, ...values.unread],
			tool: makeHelm(3, "Terraform"),
		},
	];
}

/** What is compared of an expression that is not read: with the file that it names. */
function contentOf(
	tree: RepositoryTree,
	folder: string,
	expression: string,
): string {
	const named = /"([^"$]+)"/.exec(expression)?.[1];
	const text =
		named === undefined ? undefined : tree.read(pathFrom(folder, named));
	return `${expression}\n${text ?? ""}`;
}

function chartOf(
	chart: string,
	version: string | undefined,
	source: string | undefined,
	tree: RepositoryTree,
	folder: string,
): ChartReference {
	const local = pathFrom(folder, chart);
	return {
		name: chart.split("/").at(-1) ?? chart,
		version,
		source: source?.startsWith("oci://")
			? `${source.replace(/\/$/, "")}/${chart}`
			: chart.startsWith("oci://")
				? chart
				: source,
		...(tree.has(pathFrom(local, "Chart.yaml")) && { path: local }),
	};
}

/** The text of an attribute, if all of it is known. */
function knownText(
	expression: string | undefined,
	scope: HclScope,
): string | undefined {
	if (expression === undefined) return undefined;
	let isKnown = true;
	const value = evaluateHcl(expression, {
		...scope,
		report: () => {
			isKnown = false;
		},
	});
	return isKnown && (typeof value === "string" || typeof value === "number")
		? String(value)
		: undefined;
}

/** `values`: texts of YAML. */
function readTexts(
	expression: string | undefined,
	file: string,
	scope: HclScope,
): ReadValues[] {
	if (expression === undefined) return [];
	const texts = evaluateHcl(expression, scope);
	return (Array.isArray(texts) ? texts : [texts]).map((each) =>
		typeof each === "string" && !/^placeholder-[\w-]+$/.test(each)
			? readValuesText(each, `${file} (values)`)
			: { files: [], unknown: [] },
	);
}

const setKinds = ["set", "set_list", "set_sensitive", "set_wo"];

/** `set` and its like, as blocks or, since version 3 of the provider, as lists. */
function readSettings(
	{ body }: HclBlock,
	file: string,
	scope: HclScope,
): ReadValues {
	const entries = setKinds.flatMap((kind): YamlMap[] => [
		...body.blocks
			.filter(({ type }) => type === kind)
			.map(({ body: { attributes } }) =>
				Object.fromEntries(
					[...attributes].map(([name, expression]) => [
						name,
						evaluateHcl(expression, scope),
					]),
				),
			),
		...mapsAt(
			{ all: evaluateHcl(body.attributes.get(kind) ?? "[]", scope) },
			"all",
		),
	]);
	return readSetValues(
		entries.filter(isMap).map((each) => ({
			path: stringAt(each, "name") ?? "",
			text: Array.isArray(each.value)
				? `{${each.value.join(",")}}`
				: String(each.value ?? ""),
			isString: each.type === "string",
		})),
		`${file} (set)`,
	);
}
