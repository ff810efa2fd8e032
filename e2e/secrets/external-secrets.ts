import { z } from "zod";
import {
	kubeObject,
	type Manifest,
	type Pod,
	pod,
	withConditions,
} from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";

export const apiVersion = "external-secrets.io/v1";

const externalSecret = kubeObject.extend({
	status: withConditions
		.unwrap()
		.extend({
			/** `<generation>-<hash>` of the specification that was synced last. */
			syncedResourceVersion: z.string().default(""),
			/** Of the last time that it was synced; whole seconds. */
			refreshTime: z.string().nullish(),
		})
		.prefault({}),
});
export type ExternalSecret = z.infer<typeof externalSecret>;

const store = kubeObject.extend({ status: withConditions });

const secret = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});
export type Secret = z.infer<typeof secret>;

export interface Named {
	readonly namespace: string;
	readonly name: string;
}

export function getExternalSecret(
	kube: KubeClient,
	named: Named,
): Promise<ExternalSecret> {
	return kube.get(
		{ apiVersion, kind: "ExternalSecret", ...named },
		externalSecret,
	);
}

/** The pods of External Secrets itself. */
export function listControllerPods(kube: KubeClient): Promise<Pod[]> {
	const namespace = "external-secrets";
	return kube.list({ apiVersion: "v1", kind: "Pod", namespace }, pod);
}

export function getSecret(kube: KubeClient, named: Named): Promise<Secret> {
	return kube.get({ apiVersion: "v1", kind: "Secret", ...named }, secret);
}

/** The text of each of a Secret's keys. */
export function textsOf({ data }: Secret): Record<string, string> {
	return Object.fromEntries(
		Object.entries(data).map(([key, value]) => [
			key,
			Buffer.from(value, "base64").toString(),
		]),
	);
}

/** Waits until an ExternalSecret, as it is specified now, is Ready; since a moment where one is given. */
export async function waitUntilSynced(
	kube: KubeClient,
	named: Named,
	since?: Date,
): Promise<ExternalSecret> {
	return eventually(
		`ExternalSecret ${named.name} is synced`,
		budgets.secretSync,
		() => getExternalSecret(kube, named),
		(seen) => whyNotSynced(seen, since) ?? true,
	);
}

/** Waits until an ExternalSecret says that it could not be synced. */
export async function waitUntilRefused(
	kube: KubeClient,
	named: Named,
): Promise<ExternalSecret> {
	return eventually(
		`ExternalSecret ${named.name} says that it is not synced`,
		budgets.secretSync,
		() => getExternalSecret(kube, named),
		(seen) => {
			const { status, reason } = readyOf(seen) ?? {};
			return (
				(status === "False" && reason === "SecretSyncedError") ||
				describeReady(seen)
			);
		},
	);
}

/** Waits until External Secrets gives this reason for not having synced an ExternalSecret, in its events or of its store. */
export async function waitUntilTold(
	kube: KubeClient,
	named: Named,
	storeRef: { kind: "SecretStore" | "ClusterSecretStore"; name: string },
	reason: string,
): Promise<void> {
	const ref = {
		apiVersion,
		...storeRef,
		...(storeRef.kind === "SecretStore" && { namespace: named.namespace }),
	};
	await eventually(
		`External Secrets says of ExternalSecret ${named.name}: ${reason}`,
		budgets.secretSync,
		async () => {
			const events = await kube.events(named.namespace, {
				kind: "ExternalSecret",
				name: named.name,
			});
			// Where the store was looked at meanwhile, it knows why and the ExternalSecret that the store is not ready.
			const seen = await kube.get(ref, store);
			return [
				...events
					.filter(({ type }) => type === "Warning")
					.map(({ message }) => message),
				describeReady(seen),
			];
		},
		(told) =>
			told.some((each) => each.includes(reason)) || told.slice(-2).join("; "),
	);
}

/**
 * Has External Secrets try at once: after a long outage it would only after as long again. A changed annotation is its
 * documented way. https://external-secrets.io/latest/introduction/faq/
 */
export async function hurrySync(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	const all = await kube.list({
		apiVersion,
		kind: "ExternalSecret",
		namespace,
	});
	const annotations = { "force-sync": new Date().toISOString() };
	// The store first: while it is not ready nothing is synced.
	for (const ref of [
		{ kind: "ClusterSecretStore", name: "doppler" },
		...all.map(({ metadata: { name } }) => ({
			kind: "ExternalSecret",
			namespace,
			name,
		})),
	])
		await kube.mergePatch(
			{ apiVersion, ...ref },
			{ metadata: { annotations } },
		);
}

/** An ExternalSecret as a test plants it. */
export function makeExternalSecret(
	named: Named,
	secretStoreRef: { kind: "SecretStore" | "ClusterSecretStore"; name: string },
	keys: Readonly<Record<string, string>>,
): Manifest {
	return {
		apiVersion,
		kind: "ExternalSecret",
		metadata: { ...named },
		spec: {
			refreshInterval: "1s",
			secretStoreRef,
			data: Object.entries(keys).map(([secretKey, key]) => ({
				secretKey,
				remoteRef: { key },
			})),
		},
	};
}

function whyNotSynced(
	seen: ExternalSecret,
	since: Date | undefined,
): string | undefined {
	if (readyOf(seen)?.status !== "True") return describeReady(seen);
	const { generation } = seen.metadata;
	const { syncedResourceVersion, refreshTime } = seen.status;
	if (!syncedResourceVersion.startsWith(`${generation}-`))
		return `it has synced ${syncedResourceVersion}, not generation ${generation}`;
	if (since && !(refreshTime && Date.parse(refreshTime) > since.getTime()))
		return `it was synced last at ${refreshTime}`;
	return undefined;
}

function readyOf({ status }: z.infer<typeof store>) {
	return status.conditions.find(({ type }) => type === "Ready");
}

function describeReady(seen: z.infer<typeof store>): string {
	const ready = readyOf(seen);
	return ready
		? `Ready is ${ready.status}, ${ready.reason}: ${ready.message}`
		: "it has no condition yet";
}
