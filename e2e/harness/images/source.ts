import type { Progress } from "../../common/progress.ts";

/** What a locally built image was built from. */
export interface StandIn {
	readonly component: string;
	readonly version: string;
	/** The Go modules in it that have other versions than its own go.mod names, separated by commas. */
	readonly otherVersions?: string;
}

/** An image that the engine has. */
export interface ProvidedImage {
	/** The reference that was asked for, which nodes know the image by. */
	readonly reference: string;
	/** Its name in the engine. */
	readonly local: string;
	/** Set if a locally built image stands in for the one that the reference names. */
	readonly standIn?: StandIn;
}

/** Where images come from. Every source gets them into the Docker engine. */
export interface ImageSource {
	/** As in --images, e.g. `build`. */
	readonly name: string;
	/** Whether the images are built: they have other versions than upstream's. */
	readonly isBuilt: boolean;
	/**
	 * Components that nearly every chart refers to, if it is worth while to get them before one is rendered: built beside
	 * those of the cluster, they leave no core idle.
	 */
	readonly likely?: readonly string[];
	/** Components of stack/images.yaml, by name. */
	provideComponents(
		names: readonly string[],
		progress: Progress,
	): Promise<Map<string, ProvidedImage>>;
	/** The images that a chart refers to. */
	provideReferences(
		references: readonly string[],
		progress: Progress,
	): Promise<ProvidedImage[]>;
}
