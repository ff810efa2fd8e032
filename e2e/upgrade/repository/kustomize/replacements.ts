import { get, set } from "es-toolkit/compat";
import { parse } from "yaml";
import {
	isMap,
	mapAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import {
	groupOf,
	isCalled,
	kindOf,
	namespaceOf,
	type Resource,
} from "./resource.ts";

/** The replacements of a file that an entry names: one, or a list. */
export function parseReplacements(text: string): readonly YamlMap[] {
	try {
		const content: unknown = parse(text, { logLevel: "silent" });
		const list: readonly unknown[] = Array.isArray(content)
			? content
			: [content];
		return list.filter(isMap);
	} catch {
		return [];
	}
}

/** Copies a field of one object into fields of others, as an entry of `replacements` says. */
export function applyReplacement(
	resources: readonly Resource[],
	replacement: YamlMap,
): Resource[] {
	const value = sourceValue(resources, replacement);
	const targets = mapsAt(replacement, "targets");
	return resources.map((resource) =>
		targets
			.filter((target) => isMeant(resource, target))
			.reduce<Resource>(
				(before, target) => replaceIn(before, target, value, replacement),
				resource,
			),
	);
}

/** Undefined if it is not known. */
function sourceValue(
	resources: readonly Resource[],
	replacement: YamlMap,
): unknown {
	if ("sourceValue" in replacement) return replacement.sourceValue;
	const source = mapAt(replacement, "source");
	const object = resources.find((each) => isSelected(each, source))?.object;
	const value = get(
		object,
		fieldsOf(stringAt(source, "fieldPath") ?? "metadata.name"),
	);
	const delimiter = stringAt(source, "options", "delimiter");
	return delimiter && typeof value === "string"
		? value.split(delimiter)[indexIn(source)]
		: value;
}

function indexIn(holder: YamlMap): number {
	return Number(stringAt(holder, "options", "index") ?? 0);
}

function isMeant(resource: Resource, target: YamlMap): boolean {
	return (
		isSelected(resource, mapAt(target, "select")) &&
		!mapsAt(target, "reject").some((each) => isSelected(resource, each))
	);
}

function isSelected(resource: Resource, selector: YamlMap): boolean {
	const isWanted = (key: string, is: (wanted: string) => boolean) => {
		const wanted = stringAt(selector, key);
		return wanted === undefined || is(wanted);
	};
	return (
		isWanted("kind", (wanted) => kindOf(resource) === wanted) &&
		isWanted("group", (wanted) => groupOf(resource) === wanted) &&
		isWanted("name", (wanted) => isCalled(resource, wanted)) &&
		isWanted("namespace", (wanted) => namespaceOf(resource) === wanted)
	);
}

function replaceIn(
	resource: Resource,
	target: YamlMap,
	value: unknown,
	replacement: YamlMap,
): Resource {
	const paths = textsAt(target, "fieldPaths");
	if (value === undefined) {
		const what = `what replacements put into ${paths.join(" and ")}`;
		return {
			...resource,
			unknown: [...resource.unknown, `${what} is not known: it is left out`],
			unread: [
				...(resource.unread ?? []),
				{ what, content: JSON.stringify(replacement) },
			],
		};
	}
	const object = structuredClone(resource.object);
	for (const path of paths)
		for (const fields of expand(object, fieldsOf(path))) {
			const old = get(object, fields);
			const isNew = yamlAt(target, "options", "create") === true;
			if (old === undefined && !isNew) continue;
			set(object, fields, insert(old, value, target));
		}
	return { ...resource, object };
}

/** Puts a value at a place of a text with delimiters, or instead of what is there. */
function insert(old: unknown, value: unknown, target: YamlMap): unknown {
	const delimiter = stringAt(target, "options", "delimiter");
	if (!delimiter || typeof old !== "string") return value;
	const parts = old.split(delimiter);
	const index = indexIn(target);
	if (index < 0) parts.unshift(String(value));
	else if (index >= parts.length) parts.push(String(value));
	else parts[index] = String(value);
	return parts.join(delimiter);
}

/** e.g. `spec`, `sources`, `*`, `[name=a]`; a dot is kept by a backslash, or in brackets. */
function fieldsOf(path: string): string[] {
	return [...path.matchAll(/\[[^\]]*\]|(?:\\.|[^.[\]\\])+/g)].map(([field]) => {
		const inner = /^\[(.*)\]$/s.exec(field)?.[1];
		return inner !== undefined && !inner.includes("=")
			? inner
			: field.replaceAll("\\.", ".");
	});
}

/** The paths that one with `*` and `[name=a]` in it stands for. */
function expand(value: unknown, fields: readonly string[]): string[][] {
	const [field, ...rest] = fields;
	if (field === undefined) return [[]];
	const [, key, wanted] = /^\[([^=]+)=(.*)\]$/.exec(field) ?? [];
	const keys =
		field === "*"
			? Object.keys(isMap(value) || Array.isArray(value) ? value : {})
			: key === undefined
				? [field]
				: (Array.isArray(value) ? value : []).flatMap((each, i) =>
						stringAt(each, key) === wanted ? [String(i)] : [],
					);
	return keys.flatMap((each) =>
		expand(get(value, each), rest).map((inner) => [each, ...inner]),
	);
}
