import { readFile } from "node:fs/promises";
import { projectPath } from "../../common/paths.ts";
import { parseImageReference } from "./reference.ts";
import type { ProvidedImage } from "./source.ts";

/**
 * Reads manifests of the project. An image that is the name of a component, or any version of its upstream image, is
 * replaced by the component's reference.
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
