import {
	kubeObject,
	nameOf,
	withConditions,
} from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";

const reconciled = kubeObject.extend({ status: withConditions });

/** Objects of the operator's that it says it could not reconcile, with its own words. */
export async function findUnreconciled(
	kube: KubeClient,
	namespace: string,
): Promise<string[]> {
	const kinds = ["Prometheus", "Alertmanager"];
	const found = await Promise.all(
		kinds.map((kind) =>
			kube.list(
				{ apiVersion: "monitoring.coreos.com/v1", kind, namespace },
				reconciled,
			),
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
