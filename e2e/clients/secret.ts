import { mapValues } from "es-toolkit";
import { rememberSecretsIn } from "../common/secrecy/in-values.ts";
import { isNotFound } from "./api-server/kube-error.ts";
import {
	type Manifest,
	type SecretObject,
	secretObject,
} from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";

/** A key of a Secret. */
export interface SecretKey {
	/** The Secret's. */
	readonly name: string;
	readonly key: string;
}

/** Reads a Secret, whose data reports then blank. */
export async function getSecret(
	kube: KubeClient,
	{ namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<SecretObject> {
	const secret = await kube.get(
		{ apiVersion: "v1", kind: "Secret", namespace, name },
		secretObject,
	);
	rememberSecretsIn({ ...secret, kind: "Secret" });
	return secret;
}

/** The content of each key of a Secret, as bytes. */
export function decodeSecret({
	data,
}: Pick<SecretObject, "data">): Record<string, Buffer> {
	return mapValues(data, (base64) => Buffer.from(base64, "base64"));
}

/** The content of each key of a Secret, as text. */
export function textsOf(
	secret: Pick<SecretObject, "data">,
): Record<string, string> {
	return mapValues(decodeSecret(secret), (content) => content.toString());
}

/** The content of a Secret's key; empty if the Secret does not have the key. */
export async function readSecretKey(
	kube: KubeClient,
	namespace: string,
	{ name, key }: SecretKey,
): Promise<Buffer> {
	const secret = await getSecret(kube, { namespace, name });
	return decodeSecret(secret)[key] ?? Buffer.alloc(0);
}

/** The keys of a Secret that a pod reads; none if it is absent, which a pod that runs says is fine (`optional: true`). */
export async function listKeys(
	kube: KubeClient,
	secret: { readonly namespace: string; readonly name: string },
): Promise<string[]> {
	try {
		return Object.keys((await getSecret(kube, secret)).data);
	} catch (error) {
		if (isNotFound(error)) return [];
		throw error;
	}
}

/** Makes a Secret from values in plain text. */
export function makeSecret(
	namespace: string,
	name: string,
	stringData: Record<string, string>,
): Manifest {
	return {
		apiVersion: "v1",
		kind: "Secret",
		metadata: { name, namespace },
		stringData,
	};
}
