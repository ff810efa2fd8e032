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

/**
 * Lists the images that pods name by their digest: the name by which containerd looks for each, which has no tag, and its
 * name in a registry.
 *
 * @param registry host and port
 */
export function listPinned(images: readonly ProvidedImage[], registry: string) {
	return images.flatMap(({ reference }) => {
		const { repository, digest } = parseImageReference(reference);
		const published = publishedName(registry, reference);
		return digest ? [{ name: `${repository}@${digest}`, published }] : [];
	});
}
