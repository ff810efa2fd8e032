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
import type { Refusal } from "../../common/environment.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { waitForAlertmanagerConfig } from "./alertmanager-config.ts";
import { waitForPrometheusConfig } from "./prometheus-config.ts";
import { unlessRefused, watchRefusal, watchReload } from "./refusals.ts";

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
		alertmanagers > 0 && waitForAlertmanager(kube, namespace),
	]);
}

/**
 * The same, but goes on where the operator or Prometheus does not take a change. What ran before then runs on. Reloads of
 * Alertmanager are not watched: the operator reads its configuration and refuses most of what is wrong, while it hands
 * additional scrape configs on to Prometheus as they are. What Alertmanager alone refuses ends the wait late, as a failure.
 *
 * @returns what is refused
 */
export async function waitUntilSettledOrRefused(
	kube: KubeClient,
	namespace: string,
): Promise<Refusal[]> {
	const wait = (kind: Refusal["kind"], waitUntilLoaded: () => Promise<void>) =>
		unlessRefused(kind, async () => {
			const watch = (name: string) => watchRefusal(kube, namespace, kind, name);
			const count = await waitForOperator(kube, namespace, kind, watch);
			if (count > 0) await waitUntilLoaded();
		});
	const ofPrometheus = await wait("Prometheus", () =>
		waitForPrometheusConfig(
			kube,
			namespace,
			undefined,
			watchReload(kube, namespace),
		),
	);
	const ofAlertmanager = await wait("Alertmanager", () =>
		waitForAlertmanager(kube, namespace),
	);
	return [...ofPrometheus, ...ofAlertmanager];
}

function waitForAlertmanager(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	return waitForAlertmanagerConfig(
		kube,
		AlertmanagerClient.inNamespace(kube, namespace),
		namespace,
	);
}

/**
 * Has the operator reconcile each object of a kind once more, and waits until its pods are rolled out. A change of a
 * monitor shows in no status, and neither does one of the Secret that Alertmanager's configuration is made of. But
 * the operator hands an annotation on to the StatefulSet at the end of a reconciliation, when it has rendered
 * everything else.
 *
 * @param watch makes what is asked for each object, by its name, while that takes its time
 * @returns how many objects of the kind there are
 */
async function waitForOperator(
	kube: KubeClient,
	namespace: string,
	kind: Refusal["kind"],
	watch: (name: string) => () => Promise<string | undefined> = () => async () =>
		undefined,
): Promise<number> {
	const apiVersion = monitoringV1;
	const mark = randomBytes(4).toString("hex");
	const owners = await kube.list({ apiVersion, kind, namespace });
	for (const owner of owners) {
		const { name } = owner.metadata;
		await kube.mergePatch(
			{ apiVersion, kind, namespace, name },
			{ metadata: { annotations: { [annotation]: mark } } },
		);
		const whyNot = watch(name);
		const workloads = await eventually(
			`the operator has reconciled ${nameOf(owner)}`,
			budgets.ruleReload,
			async () => {
				const found = await listStatefulSets(kube, owner);
				const behind = found.find(
					({ metadata }) => metadata.annotations[annotation] !== mark,
				);
				if (found.length > 0 && !behind) return found;
				const missing = behind
					? `${nameOf(behind)} lacks the annotation ${annotation}: ${mark}`
					: "it has no StatefulSet";
				return notYet([missing, await whyNot()].filter(Boolean).join("; "));
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
