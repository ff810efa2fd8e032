import { parseAllDocuments } from "yaml";
import { contentOf } from "../parsing/yaml-content.ts";

/**
 * The lists and objects in a text of JSON or YAML. Numbers are texts, as they are written: some have leading zeros or more
 * digits than a number can keep.
 *
 * @returns undefined if it is something else
 */
export function readStructures(text: string): unknown[] | undefined {
	const isOneLine = !/\n/.test(text.trim());
	if (isOneLine && !/^\s*([[{].*[\]}]|\S+: .*)\s*$/s.test(text))
		return undefined;
	const documents = parseAllDocuments(text, {
		logLevel: "silent",
		schema: "failsafe",
	});
	const parsed = documents.flatMap((document) => {
		if (document.errors.length > 0) return [];
		try {
			const value = contentOf(document);
			return typeof value === "object" && value !== null ? [value] : [];
		} catch {
			// Too many aliases, or one of what it is in.
			return [];
		}
	});
	return parsed.length > 0 && parsed.length === documents.length
		? parsed
		: undefined;
}
