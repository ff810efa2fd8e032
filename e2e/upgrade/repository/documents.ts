import { isPlainObject } from "es-toolkit";
import { LineCounter, parseAllDocuments } from "yaml";

/** A map in YAML. */
export type YamlMap = Readonly<Record<string, unknown>>;

/** Where something is written. */
export interface Place {
	readonly file: string;
	readonly line: number;
}

/** A document of a YAML file. */
export interface YamlDocument {
	readonly content: YamlMap;
	readonly place: Place;
}

/**
 * The documents of a YAML text that are maps. Those that cannot be read are left out: a repository is full of templates
 * that only become YAML later.
 */
export function parseDocuments(text: string, file: string): YamlDocument[] {
	const lines = new LineCounter();
	const documents = parseAllDocuments(text, {
		lineCounter: lines,
		// As Helm and kubectl do.
		merge: true,
		uniqueKeys: false,
		logLevel: "silent",
	});
	return documents.flatMap((document): YamlDocument[] => {
		if (document.errors.length > 0) return [];
		let content: unknown;
		try {
			content = document.toJS();
		} catch {
			// An alias that refers to nothing, or too many.
			return [];
		}
		if (!isMap(content)) return [];
		const start = document.contents?.range?.[0] ?? 0;
		return [{ content, place: { file, line: lines.linePos(start).line } }];
	});
}

/** Documents that were parsed before: most files are the same in both revisions. */
export class DocumentCache {
	readonly #known = new Map<string, readonly YamlDocument[]>();

	parse(text: string, file: string): readonly YamlDocument[] {
		const key = `${file}\n${text}`;
		const documents = this.#known.get(key) ?? parseDocuments(text, file);
		this.#known.set(key, documents);
		return documents;
	}
}

/** The objects in documents; lists of Kubernetes are flattened. */
export function objectsIn(documents: readonly YamlDocument[]): YamlDocument[] {
	return documents.flatMap((document) =>
		/List$/.test(textAt(document.content, "kind") ?? "")
			? mapsAt(document.content, "items").map((content) => ({
					content,
					place: document.place,
				}))
			: textAt(document.content, "kind")
				? [document]
				: [],
	);
}

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
export function textAt(
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
