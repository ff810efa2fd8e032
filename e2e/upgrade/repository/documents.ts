import { LineCounter, parseAllDocuments } from "yaml";
import { asGoReads } from "../../common/parsing/go-yaml.ts";
import { contentOf } from "../../common/parsing/yaml-content.ts";
import {
	isMap,
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../common/parsing/yaml-map.ts";

/** Where something is written. */
export interface FilePlace {
	readonly file: string;
	readonly line: number;
}

/** A document of a YAML file. */
export interface YamlDocument {
	readonly content: YamlMap;
	readonly place: FilePlace;
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
		...asGoReads,
	});
	return documents.flatMap((document): YamlDocument[] => {
		if (document.errors.length > 0) return [];
		let content: unknown;
		try {
			content = contentOf(document);
		} catch {
			// An alias that refers to nothing, too many, or one of what it is in.
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
		/List$/.test(stringAt(document.content, "kind") ?? "")
			? mapsAt(document.content, "items").map((content) => ({
					content,
					place: document.place,
				}))
			: stringAt(document.content, "kind")
				? [document]
				: [],
	);
}
