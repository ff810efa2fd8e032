import { memoize } from "es-toolkit";
import { parseAllDocuments } from "yaml";
import { parseYamlDocuments } from "../../../common/parsing/yaml-documents.ts";

/**
 * Keys that a document of a rendering has twice. Helm takes the last one; the API server's strict reading, Flux and
 * kustomize refuse it.
 */
export const duplicateKeysIn = memoize((document: string): string[] =>
	hasErrors(document)
		? parseAllDocuments(document).flatMap(({ errors }) =>
				errors
					.filter(({ code }) => code === "DUPLICATE_KEY")
					.map(({ pos: [start] }) => {
						const before = document.slice(0, start);
						const line = before.split("\n").length;
						const key = /^[^:\n]*/.exec(document.slice(start))?.[0] ?? "";
						return `the key ${key.trim()} is there twice, again in line ${line} of the document`;
					}),
			)
		: [],
);

function hasErrors(document: string): boolean {
	try {
		parseYamlDocuments(document);
		return false;
	} catch {
		return true;
	}
}
