import type { z } from "zod";
import {
	kubeObject,
	monitoringV1,
	nameOf,
	withConditions,
} from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { Refusal } from "../../common/environment.ts";

/** The kinds from which the operator makes StatefulSets. */
export const operatedKinds = [
	"Prometheus",
	"Alertmanager",
] as const satisfies Refusal["kind"][];

const reconciled = kubeObject.extend({ status: withConditions });
/** An object from which the operator makes StatefulSets. */
export type OperatedObject = z.infer<typeof reconciled>;

/** Objects that the operator could not reconcile, in its own words. */
export async function findUnreconciled(
	kube: KubeClient,
	namespace: string,
): Promise<string[]> {
	const found = await Promise.all(
		operatedKinds.map((kind) => listOperated(kube, namespace, kind)),
	);
	return found
		.flat()
		.flatMap((object) =>
			object.status.conditions
				.filter(({ status }) => status !== "True")
				.map((each) => describeCondition(object, each)),
		);
}

/** What the operator says of an object that it does not take as it is now; undefined if it does, or has not tried yet. */
export function whyUnreconciled(object: OperatedObject): string | undefined {
	const { generation } = object.metadata;
	const refused = object.status.conditions.find(
		({ type, status, observedGeneration = generation }) =>
			type === "Reconciled" &&
			status === "False" &&
			observedGeneration === generation,
	);
	return refused && describeCondition(object, refused);
}

/** Lists the objects of a kind from which the operator makes StatefulSets. */
export function listOperated(
	kube: KubeClient,
	namespace: string,
	kind: Refusal["kind"],
): Promise<OperatedObject[]> {
	return kube.list({ apiVersion: monitoringV1, kind, namespace }, reconciled);
}

function describeCondition(
	object: OperatedObject,
	condition: OperatedObject["status"]["conditions"][number],
): string {
	const { type, status, reason, message } = condition;
	return `${nameOf(object)} is ${type}=${status}: ${[reason, message].filter(Boolean).join(": ")}`;
}
