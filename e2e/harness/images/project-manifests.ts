import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import { projectPath } from "../../common/paths.ts";
import { parseImageReference } from "./reference.ts";
import type { ProvidedImage } from "./source.ts";

/**
 * Reads manifests of the project. Where an image is a component's name, or any version of its upstream image,
 * the component's own reference is put in its place.
 */
export async function readManifests(
	path: string,
	images: ReadonlyMap<string, ProvidedImage>,
): Promise<string> {
	const text = await readFile(projectPath(path), "utf8");
	return text.replaceAll(
		/^(\s*(?:- )?image: )(\S+)$/gm,
		(line, prefix: string, name: string) => {
			const { repository } = parseImageReference(name);
			const image =
				images.get(name) ??
				[...images.values()].find(
					({ reference }) =>
						parseImageReference(reference).repository === repository,
				);
			return image ? prefix + image.reference : line;
		},
	);
}

/** An error sentence where text is not YAML of a mapping, otherwise undefined. */
export function valuesProblem(text: string): string | undefined {
	const documents = parseAllDocuments(text);
	if (documents.length > 1) return "holds more than one YAML document";
	const [document] = documents;
	if (!document) return undefined;
	const [error] = document.errors;
	if (error) return error.message.split("\n")[0];
	const value: unknown = document.toJS();
	if (value === null) return undefined;
	if (typeof value !== "object" || Array.isArray(value))
		return "is not a mapping of values";
	return undefined;
}
