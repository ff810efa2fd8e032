import { randomBytes } from "node:crypto";
import { AlertmanagerClient } from "../../clients/alertmanager.ts";
import {
	type KubeObject,
	monitoringV1,
	nameOf,
} from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { waitForRollout } from "../../clients/rollout.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { waitForAlertmanagerConfig } from "./alertmanager-config.ts";
import { waitForPrometheusConfig } from "./prometheus-config.ts";

const annotation = "o11y-e2e/settled";

/**
 * Waits until every earlier change has taken effect: the operator has caught up, the pods are those that it wants, and
 * Prometheus and Alertmanager have loaded what it rendered. Until then a claim would test the stack as it was before,
 * whatever part of it a mutation changes.
 */
export async function waitUntilSettled(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	// One after the other: each waits for the operator to reconcile everything of its kind.
	const prometheuses = await waitForOperator(kube, namespace, "Prometheus");
	const alertmanagers = await waitForOperator(kube, namespace, "Alertmanager");
	await Promise.all([
		prometheuses > 0 && waitForPrometheusConfig(kube, namespace),
		alertmanagers > 0 &&
			waitForAlertmanagerConfig(
				kube,
				AlertmanagerClient.inNamespace(kube, namespace),
				namespace,
			),
	]);
}

/**
 * Has the operator reconcile each object of a kind once more, and waits until its pods are rolled out. A change of a
 * monitor shows in no status, and neither does one of the Secret that Alertmanager's configuration is made of. But
 * the operator hands an annotation on to the StatefulSet at the end of a reconciliation, when it has rendered
 * everything else.
 *
 * @returns how many objects of the kind there are
 */
async function waitForOperator(
	kube: KubeClient,
	namespace: string,
	kind: "Prometheus" | "Alertmanager",
): Promise<number> {
	const apiVersion = monitoringV1;
	const mark = randomBytes(4).toString("hex");
	const owners = await kube.list({ apiVersion, kind, namespace });
	for (const owner of owners) {
		await kube.mergePatch(
			{ apiVersion, kind, namespace, name: owner.metadata.name },
			{ metadata: { annotations: { [annotation]: mark } } },
		);
		const workloads = await eventually(
			`the operator has reconciled ${nameOf(owner)}`,
			budgets.ruleReload,
			async () => {
				const found = await listStatefulSets(kube, owner);
				if (found.length === 0) return notYet("it has no StatefulSet");
				const behind = found.find(
					({ metadata }) => metadata.annotations[annotation] !== mark,
				);
				return behind
					? notYet(
							`${nameOf(behind)} lacks the annotation ${annotation}: ${mark}`,
						)
					: found;
			},
		);
		for (const { metadata } of workloads)
			await waitForRollout(kube, {
				kind: "StatefulSet",
				namespace,
				name: metadata.name,
			});
	}
	return owners.length;
}

async function listStatefulSets(
	kube: KubeClient,
	{ metadata: { namespace, uid } }: KubeObject,
): Promise<KubeObject[]> {
	const all = await kube.list({
		apiVersion: "apps/v1",
		kind: "StatefulSet",
		namespace,
	});
	return all.filter(({ metadata }) =>
		metadata.ownerReferences.some((each) => each.uid === uid),
	);
}
