import { z } from "zod";
import { waitUntilGone } from "../../clients/gone.ts";
import { kubeObject } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { scale } from "../../clients/scale.ts";
import { budgets } from "../../common/budgets.ts";

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
	const found = await kube.list(
		{
			apiVersion: "apps/v1",
			kind: "Deployment",
			namespace,
			labelSelector: "app.kubernetes.io/name=grafana",
		},
		deployment,
	);
	for (const { metadata, spec } of found) {
		await scale(kube, { namespace, name: metadata.name }, 0);
		const volumeClaims = spec.template.spec.volumes.flatMap(
			({ persistentVolumeClaim: mounted }) =>
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
}
