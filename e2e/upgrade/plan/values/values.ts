import { isEqual, isPlainObject, mergeWith } from "es-toolkit";
import { get, set, unset } from "es-toolkit/compat";
import { parse } from "yaml";
import { z } from "zod";
import { parseYamlDocuments } from "../../../common/parsing/yaml-documents.ts";
import type { ValuesFile } from "../../../harness/chart/values-file.ts";

export type ChartValues = Record<string, unknown>;
/** The keys down to a value; a key may hold dots. */
export type Path = readonly string[];

const values = z.record(z.string(), z.unknown()).nullish();
const dependencies = z.looseObject({
	dependencies: z
		.array(z.looseObject({ name: z.string(), alias: z.string().optional() }))
		.default([]),
});

/** Layers values as Helm does: maps are merged, anything else is replaced. */
export function layer(layers: readonly ChartValues[]): ChartValues {
	return layers.reduce<ChartValues>(
		(below, above) => mergeWith(below, structuredClone(above), replaceLists),
		{},
	);
}

function replaceLists(below: unknown, above: unknown): unknown {
	return isPlainObject(above) && isPlainObject(below) ? undefined : above;
}

/** Merges values files in their order. */
export function layerFiles(files: readonly ValuesFile[]): ChartValues {
	return layer(files.map(({ content }) => parseValues(content)));
}

function parseValues(text: string): ChartValues {
	const [content, ...others] = parseYamlDocuments(text, {
		merge: true,
		asGo: true,
	});
	// The library says what is wrong with a second document.
	return values.parse(others.length > 0 ? parse(text) : content) ?? {};
}

/** A chart's default values, with those of its subcharts under their names. */
export function defaultsOf(
	files: ReadonlyMap<string, string>,
	folder = "",
): ChartValues {
	const own = parseValues(files.get(`${folder}values.yaml`) ?? "");
	const subcharts = dependenciesOf(files, folder).map(
		({ name, alias = name }): ChartValues => ({
			[alias]: defaultsOf(files, `${folder}charts/${name}/`),
		}),
	);
	return layer([...subcharts, own]);
}

/** The subcharts that a chart declares. */
export function dependenciesOf(
	files: ReadonlyMap<string, string>,
	folder = "",
) {
	const description = parse(files.get(`${folder}Chart.yaml`) ?? "{}");
	return dependencies.parse(description).dependencies;
}

/** Every value that is not a map, or an empty map, with its path. */
export function leavesOf(
	tree: unknown,
	path: Path = [],
): { path: Path; value: unknown }[] {
	if (!isPlainObject(tree) || Object.keys(tree).length === 0)
		return path.length > 0 ? [{ path, value: tree }] : [];
	return Object.entries(tree).flatMap(([key, value]) =>
		leavesOf(value, [...path, key]),
	);
}

export function valueAt(tree: ChartValues, path: Path): unknown {
	return get(tree, [...path]);
}

/** Values with some of them replaced. */
export function withValues(
	tree: ChartValues,
	changes: readonly { path: Path; value: unknown }[],
): ChartValues {
	const copy = structuredClone(tree);
	for (const { path, value } of changes) set(copy, [...path], value);
	return copy;
}

/** Values without some of them, and without the maps that this empties. */
export function withoutValues(
	tree: ChartValues,
	paths: readonly Path[],
): ChartValues {
	const copy = structuredClone(tree);
	for (const path of paths) {
		let left = path;
		do {
			unset(copy, [...left]);
			left = left.slice(0, -1);
		} while (left.length > 0 && isEqual(valueAt(copy, left), {}));
	}
	return copy;
}

/** e.g. `grafana.nodeSelector."o11y.ruiz.sh/tier"` */
export function printPath(path: Path): string {
	return path
		.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key)))
		.join(".");
}

/** Whether one of two paths begins with the other. */
export function overlaps(a: Path, b: Path): boolean {
	return a.slice(0, b.length).every((key, i) => key === b[i]);
}
