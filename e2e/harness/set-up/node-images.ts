import { uniqBy } from "es-toolkit";
import { parseImageReference } from "../images/reference.ts";
import { publishedName } from "../images/registry.ts";
import type { ProvidedImage } from "../images/source.ts";
import { imageOf, nodeComponents } from "./cluster-images.ts";
import type { Materials } from "./materials.ts";

/** Lists every image that runs in a pod. */
export function listNodeImages({
	components,
	addons,
	charts,
}: Materials): ProvidedImage[] {
	const names = [
		...nodeComponents,
		...addons.flatMap((each) => each.components),
	];
	return uniqBy(
		[
			...names.map((name) => imageOf(components, name)),
			// Two charts share most of their images.
			...charts.flatMap(({ images }) => images),
		],
		({ reference }) => reference,
	);
}

/** Lists the images that pods name by their digest, with the name of each in a registry. @param registry host and port */
export function listPinned(images: readonly ProvidedImage[], registry: string) {
	return images
		.filter(({ reference }) => parseImageReference(reference).digest)
		.map(({ reference }) => ({
			reference,
			published: publishedName(registry, reference),
		}));
}
