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
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";

/** The API version of External Secrets' objects. */
export const externalSecretsV1 = "external-secrets.io/v1";

const externalSecret = kubeObject.extend({
	spec: z.looseObject({ refreshInterval: z.string().default("1h") }),
	status: withConditions
		.unwrap()
		.extend({
			/** `<generation>-<hash>` of the specification that was synced last. */
			syncedResourceVersion: z.string().default(""),
			/** When it was last synced; whole seconds. */
			refreshTime: z.string().nullish(),
		})
		.prefault({}),
});
type ExternalSecret = z.infer<typeof externalSecret>;

const store = kubeObject.extend({ status: withConditions });

/** Which ExternalSecret or Secret. */
interface Named {
	readonly namespace: string;
	readonly name: string;
}

/** Which store an ExternalSecret refers to. */
interface StoreRef {
	readonly kind: "SecretStore" | "ClusterSecretStore";
	readonly name: string;
}

function getExternalSecret(
	kube: KubeClient,
	named: Named,
): Promise<ExternalSecret> {
	return kube.get(
		{ apiVersion: externalSecretsV1, kind: "ExternalSecret", ...named },
		externalSecret,
	);
}

/** The pods of External Secrets itself. */
export function listControllerPods(kube: KubeClient): Promise<Pod[]> {
	const namespace = "external-secrets";
	return kube.list({ apiVersion: "v1", kind: "Pod", namespace }, pod);
}

/**
 * Waits until an ExternalSecret is Ready with its current specification.
 *
 * @param since if given, only a later sync counts
 */
export async function waitUntilSynced(
	kube: KubeClient,
	named: Named,
	since?: Date,
): Promise<ExternalSecret> {
	return eventually(
		`ExternalSecret ${named.name} is synced`,
		budgets.secretSync,
		async () => {
			const seen = await getExternalSecret(kube, named);
			const reason = whyNotSynced(seen, since);
			return reason === undefined ? seen : notYet(reason);
		},
	);
}

/** Waits until an ExternalSecret reports that it could not be synced. */
export async function waitUntilRefused(
	kube: KubeClient,
	named: Named,
): Promise<void> {
	await eventually(
		`ExternalSecret ${named.name} reports that it is not synced`,
		budgets.secretSync,
		async () => {
			const seen = await getExternalSecret(kube, named);
			const { status, reason } = readyOf(seen) ?? {};
			if (status !== "False" || reason !== "SecretSyncedError")
				return notYet(
					`${describeReady(seen)}; it asks Doppler each ${seen.spec.refreshInterval}, last at ${seen.status.refreshTime ?? "no time"}`,
				);
		},
	);
}

/** Waits until the events of an ExternalSecret, or its store's condition, give this reason for a failed sync. */
export async function waitForSyncError(
	kube: KubeClient,
	named: Named,
	storeRef: StoreRef,
	reason: string,
): Promise<void> {
	const ref = {
		apiVersion: externalSecretsV1,
		...storeRef,
		...(storeRef.kind === "SecretStore" && { namespace: named.namespace }),
	};
	await eventually(
		`External Secrets reports about ExternalSecret ${named.name}: ${reason}`,
		budgets.secretSync,
		async () => {
			const events = await kube.events(named.namespace, {
				kind: "ExternalSecret",
				name: named.name,
			});
			// Once the store was checked, only its own condition has the reason: the ExternalSecret says that it is not ready.
			const seen = await kube.get(ref, store);
			const messages = [
				...events
					.filter(({ type }) => type === "Warning")
					.map(({ message }) => message),
				describeReady(seen),
			];
			if (!messages.some((each) => each.includes(reason)))
				return notYet(messages.slice(-2).join("; "));
		},
	);
}

/**
 * Makes External Secrets retry immediately: its back-off is as long as the outage was. A changed annotation is the
 * documented way. https://external-secrets.io/latest/introduction/faq/
 */
export async function hurrySync(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	const all = await kube.list({
		apiVersion: externalSecretsV1,
		kind: "ExternalSecret",
		namespace,
	});
	const annotations = { "force-sync": new Date(clusterNow()).toISOString() };
	// The store first: nothing is synced until it is ready.
	for (const ref of [
		{ kind: "ClusterSecretStore", name: "doppler" },
		...all.map(({ metadata: { name } }) => ({
			kind: "ExternalSecret",
			namespace,
			name,
		})),
	])
		await kube.mergePatch(
			{ apiVersion: externalSecretsV1, ...ref },
			{ metadata: { annotations } },
		);
}

/** An ExternalSecret for a test, synced every second. @param keys names in Doppler by the keys of the Secret */
export function makeExternalSecret(
	named: Named,
	secretStoreRef: StoreRef,
	keys: Readonly<Record<string, string>>,
): Manifest {
	return {
		apiVersion: externalSecretsV1,
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
		return `it was last synced at ${refreshTime ?? "no time"}, and its refreshInterval is ${seen.spec.refreshInterval}`;
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
