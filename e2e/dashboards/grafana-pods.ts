import { KubeError } from "../clients/api-server/kube-error.ts";
import { findGrafanaService } from "../clients/grafana/service.ts";
import { type Credentials, GrafanaClient } from "../clients/grafana.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { explainPods } from "../clients/rollout.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import { makePodDeletion } from "../harness/cluster/pod-deletion.ts";

/** Grafana's pods, without those that are being deleted. */
export async function listGrafanaPods(
	kube: KubeClient,
	namespace: string,
): Promise<Pod[]> {
	const service = await findGrafanaService(kube, namespace);
	const pods = await listPodsOfService(kube, namespace, service.name);
	return pods.filter(({ metadata }) => !metadata.deletionTimestamp);
}

/** Kills Grafana's pods, waits for a new one that is ready, and logs in there. */
export async function restartGrafana(
	kube: KubeClient,
	namespace: string,
	credentials: Credentials,
): Promise<GrafanaClient> {
	const before = await listGrafanaPods(kube, namespace);
	await makePodDeletion(kube, before, { force: true }).inflict();
	const killed = new Set(before.map(({ metadata }) => metadata.uid));
	await eventually(
		"a new pod of Grafana is ready",
		budgets.podRestart,
		async () => {
			const pods = await listGrafanaPods(kube, namespace);
			const added = pods.filter(({ metadata }) => !killed.has(metadata.uid));
			if (added.length === 0) return notYet("there is none yet");
			const reasons = await explainPods(kube, namespace, added);
			if (reasons.length > 0) return notYet(reasons.join("; "));
		},
	);
	const anonymous = await GrafanaClient.inNamespace(kube, namespace);
	// The API server's proxy learns that a pod is ready a moment after its kubelet has reported it.
	return eventually("Grafana accepts the login", budgets.request, () =>
		anonymous.logIn(credentials).catch(giveUpIfRefused),
	);
}

/** Repeated attempts with a wrong password would lock the user out. */
function giveUpIfRefused(error: unknown): never {
	if (error instanceof KubeError && error.status === 401)
		throw new HopelessError(error.message, { cause: error });
	throw error;
}
