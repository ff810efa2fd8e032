import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import type { Crd } from "./crd-schema.ts";

/** A chart rendered with values: one side of a comparison. */
export interface Side {
	readonly version: string;
	/** The chart's constraint on Kubernetes; empty where there is none. */
	readonly kubeVersion: string;
	readonly crds: readonly Crd[];
	/** Everything that Helm would install, but for hooks and CRDs. */
	readonly objects: readonly Manifest[];
	/** Every image that the rendering names, hooks' too. */
	readonly images: readonly string[];
	/** Keys of objects whose content is another each time that it is rendered, as a random password's is. */
	readonly unstable: ReadonlySet<string>;
	/** The rendering. */
	readonly text: string;
}

/** Tells an object of one side on the other. */
export function objectKey(object: Manifest): string {
	return nameOf(object);
}

export function objectsOf(side: Side, ...kinds: string[]): Manifest[] {
	return side.objects.filter(({ kind }) => kinds.includes(kind));
}
