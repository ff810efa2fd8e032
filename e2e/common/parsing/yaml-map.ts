import { isPlainObject } from "es-toolkit";

/** A map in YAML. */
export type YamlMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is Record<string, unknown> {
	return isPlainObject(value);
}

/** What is at a path of keys. */
export function yamlAt(value: unknown, ...path: readonly string[]): unknown {
	return path.reduce<unknown>(
		(below, key) =>
			isMap(below) && Object.hasOwn(below, key) ? below[key] : undefined,
		value,
	);
}

/** A text or number there, as text; undefined for anything else. */
export function stringAt(
	value: unknown,
	...path: readonly string[]
): string | undefined {
	const found = yamlAt(value, ...path);
	return typeof found === "string" || typeof found === "number"
		? String(found)
		: undefined;
}

/** The map there; an empty one for anything else. */
export function mapAt(value: unknown, ...path: readonly string[]): YamlMap {
	const found = yamlAt(value, ...path);
	return isMap(found) ? found : {};
}

/** The list there; an empty one for anything else. */
export function listAt(
	value: unknown,
	...path: readonly string[]
): readonly unknown[] {
	const found = yamlAt(value, ...path);
	return Array.isArray(found) ? found : [];
}

/** The maps of a list there. */
export function mapsAt(value: unknown, ...path: readonly string[]): YamlMap[] {
	return listAt(value, ...path).filter(isMap);
}

/** The texts of a list there, or a single one. */
export function textsAt(
	value: unknown,
	...path: readonly string[]
): readonly string[] {
	const found = yamlAt(value, ...path);
	const list: readonly unknown[] = Array.isArray(found) ? found : [found];
	return list.filter((each) => typeof each === "string");
}
