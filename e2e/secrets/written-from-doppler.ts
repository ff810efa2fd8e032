import { uniqBy } from "es-toolkit";
import { z } from "zod";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { SecretKey } from "../clients/secret.ts";
import { externalSecretsV1, waitUntilSynced } from "./external-secrets.ts";

const storeRef = z.looseObject({
	name: z.string(),
	kind: z.string().default("SecretStore"),
});
/** What is read, and from which store if it is another one. */
const item = z.looseObject({
	secretKey: z.string().optional(),
	remoteRef: z.looseObject({ key: z.string() }).optional(),
	sourceRef: z.looseObject({ storeRef: storeRef.optional() }).optional(),
});

/** An ExternalSecret, as far as it says what it writes and from where. */
export const writer = kubeObject.extend({
	spec: z.looseObject({
		refreshInterval: z.string().default("1h"),
		refreshPolicy: z.string().optional(),
		secretStoreRef: storeRef.optional(),
		data: z.array(item).default([]),
		dataFrom: z.array(item).default([]),
		target: z
			.looseObject({
				name: z.string().optional(),
				creationPolicy: z.string().optional(),
				immutable: z.boolean().optional(),
				template: z.unknown().optional(),
			})
			.prefault({}),
	}),
});
type Writer = z.infer<typeof writer>;

/** The name of the Secret that an ExternalSecret writes. */
export function nameWritten({ metadata, spec }: Writer): string {
	return spec.target.name ?? metadata.name;
}

const store = kubeObject.extend({
	spec: z.looseObject({ provider: z.record(z.string(), z.unknown()) }),
});

/**
 * The keys that a Secret has, with the names of their contents in Doppler: a homelab may call a key as it likes. What is
 * not asked for by itself is found by its name, which is the key's, too.
 *
 * @param promised the names that it has to have
 * @param all every name of the homelab's
 */
export function namesByKey(
	{ spec }: Writer,
	promised: readonly string[],
	all: readonly string[],
): Readonly<Record<string, string>> {
	const asked = spec.data.flatMap(({ secretKey, remoteRef }) =>
		secretKey && remoteRef && all.includes(remoteRef.key)
			? [[secretKey, remoteRef.key] as const]
			: [],
	);
	const found = promised.filter((name) =>
		asked.every(([, other]) => other !== name),
	);
	return Object.fromEntries([...asked, ...found.map((name) => [name, name])]);
}

/** The ExternalSecret that writes a Secret; undefined if none does. */
async function findWriter(
	kube: KubeClient,
	namespace: string,
	secret: string,
): Promise<Writer | undefined> {
	const all = await kube.list(
		{ apiVersion: externalSecretsV1, kind: "ExternalSecret", namespace },
		writer,
	);
	return all.find(
		(each) =>
			nameWritten(each) === secret &&
			each.spec.target.creationPolicy !== "None",
	);
}

/**
 * The stores that a key of the Secret may be read from: one if it is asked for by itself, else any of those that are asked.
 */
export function storesOf(
	{ spec }: Writer,
	key: string,
): z.infer<typeof storeRef>[] {
	const all = [...spec.data, ...spec.dataFrom];
	const own = all.filter(({ secretKey }) => secretKey === key);
	const refs = (own.length > 0 ? own : all).flatMap(
		({ sourceRef }) =>
			(sourceRef ? sourceRef.storeRef : spec.secretStoreRef) ?? [],
	);
	return uniqBy(refs, ({ kind, name }) => `${kind}/${name}`);
}

/**
 * Why a key of a Secret is not one that External Secrets writes from Doppler, as a clause about it; undefined if it is.
 * Waits until its ExternalSecret is synced.
 */
export async function whyNotFromDoppler(
	kube: KubeClient,
	namespace: string,
	{ name: secret, key }: SecretKey,
): Promise<string | undefined> {
	const found = await findWriter(kube, namespace, secret);
	if (!found) return "which no ExternalSecret writes";
	const { name } = found.metadata;
	await waitUntilSynced(kube, { namespace, name });
	const others: string[] = [];
	for (const ref of storesOf(found, key)) {
		const { spec } = await kube.get(
			{
				apiVersion: externalSecretsV1,
				kind: ref.kind,
				name: ref.name,
				...(ref.kind === "SecretStore" && { namespace }),
			},
			store,
		);
		const providers = Object.keys(spec.provider);
		if (providers.includes("doppler")) return undefined;
		others.push(`${ref.kind} ${ref.name}, which is ${providers.join(", ")}`);
	}
	return others.length > 0
		? `whose ExternalSecret ${name} reads from ${others.join(" and ")}, not Doppler`
		: `whose ExternalSecret ${name} names no store`;
}

/** How External Secrets refreshes a Secret, as a clause for messages. */
export async function describeRefresh(
	kube: KubeClient,
	namespace: string,
	secret: string,
): Promise<string> {
	const found = await findWriter(kube, namespace, secret);
	return found ? describeWriter(found) : "no ExternalSecret writes it";
}

/** What of an ExternalSecret may keep a new content from its Secret, as a clause. */
export function describeWriter({ metadata, spec }: Writer): string {
	const { refreshInterval, refreshPolicy, target } = spec;
	const settings = [
		`refreshInterval ${refreshInterval}`,
		...(refreshPolicy ? [`refreshPolicy ${refreshPolicy}`] : []),
		...(target.immutable
			? ["target.immutable true, with which the Secret is never changed"]
			: []),
		...(target.template ? ["a target.template, which may say it itself"] : []),
	];
	return `its ExternalSecret ${metadata.name} has ${settings.join(" and ")}`;
}
