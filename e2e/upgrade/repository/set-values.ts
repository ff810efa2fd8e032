import { parse } from "yaml";
import { isMap, type YamlMap } from "../../common/parsing/yaml-map.ts";
import { type ReadValues, readValuesMap } from "./release.ts";

/** A value that is set by its path. */
export interface SetValue {
	readonly path: string;
	readonly text: string;
	/** Whether it stays a text, as with --set-string. */
	readonly isString?: boolean;
}

/**
 * Values that are set one by one, as with --set.
 *
 * @param name for messages
 */
export function readSetValues(
	settings: readonly SetValue[],
	name: string,
): ReadValues {
	let values: YamlMap = {};
	for (const { path, text, isString = false } of settings)
		values = setByPath(values, path, isString ? text : parseScalar(text));
	return readValuesMap(values, name);
}

/** As Helm reads the value of --set. */
function parseScalar(text: string): unknown {
	if (/^(true|false|null|-?\d+)$/.test(text)) return parse(text);
	const list = /^\{(.*)\}$/s.exec(text)?.[1];
	return list === undefined ? text : list.split(",").map(parseScalar);
}

/** Puts single values into a map by Helm's path: `a.b[0].c`, where a backslash keeps a dot. */
export function setByPath(
	values: YamlMap,
	path: string,
	value: unknown,
): YamlMap {
	const keys = path
		.split(/(?<!\\)\.|(?=\[\d+\])/)
		.map((key) => key.replaceAll("\\.", "."))
		.filter(Boolean);
	const set = (below: unknown, left: readonly string[]): unknown => {
		const [key, ...rest] = left;
		if (key === undefined) return value;
		const index = /^\[(\d+)\]$/.exec(key)?.[1];
		if (index === undefined) {
			const map = isMap(below) ? below : {};
			return { ...map, [key]: set(map[key], rest) };
		}
		const list: unknown[] = Array.isArray(below) ? [...below] : [];
		list[Number(index)] = set(list[Number(index)], rest);
		return list;
	};
	const changed = set(values, keys);
	return isMap(changed) ? changed : values;
}
