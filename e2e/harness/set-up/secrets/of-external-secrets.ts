import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";

/** Where the homelab's credentials come from: stack/addons/external-secrets.yaml has this store. */
const homelabStore = "doppler";

const remote = z.looseObject({ key: z.string() });
const external = z.looseObject({
	spec: z.looseObject({
		secretStoreRef: z.looseObject({ name: z.string() }).optional(),
		data: z.array(z.looseObject({ remoteRef: remote.optional() })).default([]),
		dataFrom: z
			.array(z.looseObject({ extract: remote.optional() }))
			.default([]),
	}),
});

/**
 * Whether External Secrets can write what an ExternalSecret of the values asks for: from the homelab's store, or from one
 * that the values bring. No other is here.
 */
export function hasStore(
	externalSecret: Manifest,
	manifests: readonly Manifest[],
): boolean {
	const { data } = external.safeParse(externalSecret);
	const name = data?.spec.secretStoreRef?.name;
	return (
		name === undefined ||
		name === homelabStore ||
		manifests.some(
			({ kind, metadata }) =>
				/^(Cluster)?SecretStore$/.test(kind) && metadata.name === name,
		)
	);
}

/** Something random for each name that ExternalSecrets of the values have from Doppler: only the homelab knows the content. */
export function makeDopplerContents(
	manifests: readonly Manifest[],
): Record<string, string> {
	const names = manifests
		.filter(({ kind }) => kind === "ExternalSecret")
		.flatMap((each) => {
			const { data } = external.safeParse(each);
			if (data?.spec.secretStoreRef?.name !== homelabStore) return [];
			return [
				...data.spec.data.map(({ remoteRef }) => remoteRef?.key),
				...data.spec.dataFrom.map(({ extract }) => extract?.key),
			].flatMap((key) => key ?? []);
		});
	return Object.fromEntries(
		names.map((name) => [name, randomBytes(8).toString("hex")]),
	);
}
