import { isEqual, isPlainObject, uniqWith } from "es-toolkit";
import type { Schema } from "../charts/crd-schema.ts";
import { asObject, show } from "../charts/fields.ts";

/** Items that a list has twice although its schema makes it a set, or a map with keys in its items. */
export function repeatedItems(
	value: unknown,
	schema: Schema,
	path = "",
): string[] {
	const below = (each: unknown, declared: Schema | undefined, key: string) =>
		declared
			? repeatedItems(each, declared, path ? `${path}.${key}` : key)
			: [];
	if (Array.isArray(value))
		return [
			...ownRepetitions(value, schema, path || "the list"),
			...value.flatMap((each, i) => below(each, schema.items, String(i))),
		];
	if (!isPlainObject(value)) return [];
	return Object.entries(value).flatMap(([name, each]) =>
		below(
			each,
			schema.properties?.[name] ??
				(typeof schema.additionalProperties === "object"
					? schema.additionalProperties
					: undefined),
			name,
		),
	);
}

function ownRepetitions(
	list: readonly unknown[],
	schema: Schema,
	path: string,
): string[] {
	const type = schema["x-kubernetes-list-type"];
	if (type === "set")
		return repeated(list.map((item) => [item])).map(
			([item]) => `${path} has ${show(item)} twice`,
		);
	if (type !== "map") return [];
	const keys = schema["x-kubernetes-list-map-keys"] ?? [];
	const keyValues = list.map((item) =>
		// A key that is left out has its default.
		keys.map(
			(key) =>
				asObject(item)[key] ?? schema.items?.properties?.[key]?.default ?? null,
		),
	);
	return repeated(keyValues).map(
		(found) =>
			`${path} has two items with the ${keys.map((key, i) => `${key} ${show(found[i])}`).join(" and the ")}`,
	);
}

/** The items that are there more than once. */
function repeated<T>(list: readonly T[]): T[] {
	return uniqWith(
		list.filter((each, i) =>
			list.some((other, j) => j < i && isEqual(other, each)),
		),
		isEqual,
	);
}
