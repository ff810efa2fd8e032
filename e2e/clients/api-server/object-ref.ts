import type { Manifest } from "../kube-objects.ts";

/** Names an object of the cluster. */
export interface ObjectRef {
	readonly apiVersion: string;
	readonly kind: string;
	readonly namespace?: string | undefined;
	readonly name: string;
}

/** The reference to a manifest's object. */
export function refOf(object: Manifest | ObjectRef): ObjectRef {
	if (!isManifest(object)) return object;
	const { apiVersion, kind, metadata } = object;
	return {
		apiVersion,
		kind,
		name: metadata.name,
		namespace: metadata.namespace,
	};
}

function isManifest(object: Manifest | ObjectRef): object is Manifest {
	return "metadata" in object;
}
