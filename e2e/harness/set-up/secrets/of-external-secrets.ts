import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";

/** Where the homelab's credentials come from: stack/addons/external-secrets.yaml has this store. */
const homelabStore = "doppler";

const store = z.looseObject({ name: z.string() }).optional();
const remote = z.looseObject({ key: z.string() }).optional();
const sourceRef = z.looseObject({ storeRef: store }).optional();
const external = z.looseObject({
	spec: z.looseObject({
		secretStoreRef: store,
		data: z.array(z.looseObject({ sourceRef, remoteRef: remote })).default([]),
		dataFrom: z
			.array(z.looseObject({ sourceRef, extract: remote }))
			.default([]),
	}),
});

/** What an ExternalSecret asks for: the names of store and key, as far as it says them. */
function listAsked(externalSecret: Manifest) {
	const { data: found } = external.safeParse(externalSecret);
	if (!found) return [];
	const { secretStoreRef, data, dataFrom } = found.spec;
	return [
		...data.map(({ remoteRef, ...each }) => ({ ...each, of: remoteRef })),
		...dataFrom.map(({ extract, ...each }) => ({ ...each, of: extract })),
	].map(({ sourceRef: own, of }) => ({
		store: (own ? own.storeRef : secretStoreRef)?.name,
		key: of?.key,
	}));
}

/**
 * Whether External Secrets can write what an ExternalSecret of the values asks for: from the homelab's store, or from one
 * that the values bring. No other is here.
 */
export function hasStore(
	externalSecret: Manifest,
	manifests: readonly Manifest[],
): boolean {
	return listAsked(externalSecret).every(
		({ store: name }) =>
			name === undefined ||
			name === homelabStore ||
			manifests.some(
				({ kind, metadata }) =>
					/^(Cluster)?SecretStore$/.test(kind) && metadata.name === name,
			),
	);
}

/** Something random for each name that ExternalSecrets of the values have from Doppler: only the homelab knows the content. */
export function makeDopplerContents(
	manifests: readonly Manifest[],
): Record<string, string> {
	const names = manifests
		.filter(({ kind }) => kind === "ExternalSecret")
		.flatMap(listAsked)
		.flatMap(({ store: name, key }) =>
			name === homelabStore && key ? [key] : [],
		);
	return Object.fromEntries(
		names.map((name) => [name, randomBytes(8).toString("hex")]),
	);
}
