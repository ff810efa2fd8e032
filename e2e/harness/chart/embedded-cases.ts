import { readdirSync, readFileSync } from "node:fs";
import { isPlainObject } from "es-toolkit";
import { parse } from "yaml";
import { z } from "zod";
import { parseYamlDocuments } from "../../common/parsing/yaml-documents.ts";
import { projectPath } from "../../common/paths.ts";

/** The embedded chart, and its cases: values, and what they make of it. */
export const embeddedChart = projectPath(
	"stack",
	"charts",
	"kube-prometheus-stack",
);

const part = z.looseObject({
	kind: z.string(),
	metadata: z.looseObject({ name: z.string() }),
});
export type RenderedPart = z.infer<typeof part>;

const embeddedCase = z.strictObject({
	title: z.string(),
	/** Over the chart's own. */
	values: z.record(z.string(), z.unknown()),
	/** Parts of objects: what they name is there, `null` is not, and a list has at least their items. */
	objects: z.array(part).default([]),
	/** `<kind>/<name>` */
	absent: z.array(z.string()).default([]),
	/** Part of the sentence with which the values are refused. */
	refused: z.string().optional(),
});
type EmbeddedCase = z.infer<typeof embeddedCase>;

/** The cases of each file, by its name. */
export function readEmbeddedCases(): ReadonlyMap<string, EmbeddedCase[]> {
	const folder = `${embeddedChart}/tests/values`;
	return new Map(
		readdirSync(folder).map((file) => [
			file.replace(/\.yaml$/, ""),
			z
				.array(embeddedCase)
				.parse(parse(readFileSync(`${folder}/${file}`, "utf8"))),
		]),
	);
}

/** What a rendering lacks of a case, or has that it must not have. */
export function findUnlike(
	rendering: string,
	{ objects, absent }: Pick<EmbeddedCase, "objects" | "absent">,
): string[] {
	const rendered = new Map(
		parseYamlDocuments(rendering, { uniqueKeys: false })
			.filter((each) => each !== null)
			.map((each) => part.parse(each))
			.map((each) => [keyOf(each), each]),
	);
	return [
		...objects.flatMap((expected) => {
			const key = keyOf(expected);
			const found = rendered.get(key);
			return found ? differences(expected, found, key) : [`${key} is missing`];
		}),
		...absent
			.filter((key) => rendered.has(key))
			.map((key) => `${key} is there`),
	];
}

function keyOf({ kind, metadata }: RenderedPart): string {
	return `${kind}/${metadata.name}`;
}

function differences(
	expected: unknown,
	found: unknown,
	path: string,
): string[] {
	if (expected === null)
		return found === undefined ? [] : [`${path} is ${JSON.stringify(found)}`];
	if (Array.isArray(expected) && Array.isArray(found))
		return expected
			.filter((item) => !found.some((each) => !differences(item, each, "")[0]))
			.map((item) => `${path} has no ${JSON.stringify(item)}`);
	if (isPlainObject(expected) && isPlainObject(found))
		return Object.entries(expected).flatMap(([key, value]) =>
			differences(value, found[key], `${path}.${key}`),
		);
	return expected === found
		? []
		: [`${path} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}
