import {
	kubeObject,
	monitoringV1,
	nameOf,
	withConditions,
} from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";

/** The kinds from which the operator makes StatefulSets. */
export const operatedKinds = ["Prometheus", "Alertmanager"] as const;

const reconciled = kubeObject.extend({ status: withConditions });

/** Objects that the operator could not reconcile, in its own words. */
export async function findUnreconciled(
	kube: KubeClient,
	namespace: string,
): Promise<string[]> {
	const found = await Promise.all(
		operatedKinds.map((kind) =>
			kube.list({ apiVersion: monitoringV1, kind, namespace }, reconciled),
		),
	);
	return found
		.flat()
		.flatMap((object) =>
			object.status.conditions
				.filter(({ status }) => status !== "True")
				.map(
					({ type, status, reason, message }) =>
						`${nameOf(object)} is ${type}=${status}: ${[reason, message].filter(Boolean).join(": ")}`,
				),
		);
}
