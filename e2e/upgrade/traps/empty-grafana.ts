import { z } from "zod";
import { waitUntilGone } from "../../clients/gone.ts";
import { grafanaLabel } from "../../clients/grafana/service.ts";
import { kubeObject, pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { makeScaleToZero } from "../../harness/cluster/scale-to-zero.ts";

const deployment = kubeObject.extend({
	spec: z.looseObject({
		template: z.looseObject({
			spec: z.looseObject({
				volumes: z
					.array(
						z.looseObject({
							persistentVolumeClaim: z
								.looseObject({ claimName: z.string() })
								.optional(),
						}),
					)
					.default([]),
			}),
		}),
	}),
});

/**
 * Deletes Grafana's database and its pods; installing the chart recreates both. Grafana takes its admin credentials only
 * into an empty database, and this one has those of the trap before.
 */
export async function emptyGrafana(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	const labelSelector = grafanaLabel;
	const objects = {
		apiVersion: "apps/v1",
		kind: "Deployment",
		namespace,
		labelSelector,
	};
	const found = await kube.list(objects, deployment);
	// Not mended: installing the chart gives it its replicas again.
	await makeScaleToZero(kube, "Grafana is scaled to zero", {
		objects,
		listPods: () =>
			kube.list(
				{ apiVersion: "v1", kind: "Pod", namespace, labelSelector },
				pod,
			),
	}).begin();
	const volumeClaims = found
		.flatMap(({ spec }) => spec.template.spec.volumes)
		.flatMap(({ persistentVolumeClaim: mounted }) =>
			mounted
				? {
						apiVersion: "v1",
						kind: "PersistentVolumeClaim",
						namespace,
						name: mounted.claimName,
					}
				: [],
		);
	await kube.delete(volumeClaims);
	for (const each of volumeClaims)
		await waitUntilGone(kube, each, budgets.podRestart);
}
