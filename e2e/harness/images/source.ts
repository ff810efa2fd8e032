import type { Progress } from "../../common/progress.ts";

/** An image that is present in the engine. */
export interface ProvidedImage {
	/** The reference that was asked for; nodes know the image by it. */
	readonly reference: string;
	/** Its name in the engine. */
	readonly local: string;
	/** Set where a locally built image stands in for the one that the reference names. */
	readonly standIn?: { readonly component: string; readonly version: string };
}

/** Where images come from. Every source provides them into the Docker engine. */
export interface ImageSource {
	/** As in --images, e.g. `build`. */
	readonly name: string;
	/** Components of stack/images.yaml, by name. */
	provideComponents(
		names: readonly string[],
		progress: Progress,
	): Promise<Map<string, ProvidedImage>>;
	/** Images that a chart refers to. */
	provideReferences(
		references: readonly string[],
		progress: Progress,
	): Promise<ProvidedImage[]>;
}
