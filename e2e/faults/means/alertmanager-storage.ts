import { monitoringV1 } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Fault, makeFault } from "../../common/fault.ts";
import { waitUntilSettled } from "../../harness/readiness/settle.ts";

const storage = {
	volumeClaimTemplate: {
		spec: {
			storageClassName: "longhorn",
			resources: { requests: { storage: "1Gi" } },
		},
	},
};

/** The operator's Alertmanager has a volume of its own, which it has not in the homelab. */
export function makeAlertmanagerStorage(
	kube: KubeClient,
	namespace: string,
): Fault {
	const setSpec = async (spec: { readonly storage?: typeof storage }) => {
		const all = { apiVersion: monitoringV1, kind: "Alertmanager", namespace };
		const { apiVersion, kind } = all;
		const found = await kube.list(all);
		await kube.apply(
			found.map(({ metadata: { name } }) => ({
				apiVersion,
				kind,
				metadata: { name, namespace },
				spec,
			})),
		);
		await waitUntilSettled(kube, namespace);
	};
	return makeFault(
		"Alertmanager has a volume of its own",
		() => setSpec({ storage }),
		async () => {
			await setSpec({});
			await deleteVolumeClaims(kube, namespace);
		},
	);
}

/** Deletes what Alertmanager leaves behind when it loses its volume. */
async function deleteVolumeClaims(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	const volumeClaims = await kube.list({
		apiVersion: "v1",
		kind: "PersistentVolumeClaim",
		namespace,
	});
	await kube.delete(
		volumeClaims.filter(({ metadata }) =>
			metadata.name.startsWith("alertmanager-"),
		),
	);
}
