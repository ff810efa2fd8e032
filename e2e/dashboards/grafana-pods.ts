import { type Credentials, GrafanaClient } from "../clients/grafana.ts";
import type { Pod } from "../clients/kube-objects.ts";
import { type KubeClient, KubeError } from "../clients/kubernetes.ts";
import { explainPods } from "../clients/rollout.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError } from "../common/eventually.ts";

/** The pods of Grafana that are not on their way out. */
export async function listGrafanaPods(
	kube: KubeClient,
	namespace: string,
): Promise<Pod[]> {
	const service = await GrafanaClient.findService(kube, namespace);
	const pods = await listPodsOfService(kube, namespace, service.name);
	return pods.filter(({ metadata }) => !metadata.deletionTimestamp);
}

/** Kills Grafana's pods, waits for the next, and logs in there. */
export async function restartGrafana(
	kube: KubeClient,
	namespace: string,
	credentials: Credentials,
): Promise<GrafanaClient> {
	const before = await listGrafanaPods(kube, namespace);
	await kube.delete(before, { gracePeriodSeconds: 0 });
	const killed = new Set(before.map(({ metadata }) => metadata.uid));
	await eventually(
		"another pod of Grafana is ready",
		budgets.podRestart,
		async () => {
			const pods = await listGrafanaPods(kube, namespace);
			const fresh = pods.filter(({ metadata }) => !killed.has(metadata.uid));
			return fresh.length === 0
				? ["there is none yet"]
				: explainPods(kube, namespace, fresh);
		},
		(reasons) => reasons.length === 0 || reasons.join("; "),
	);
	const nobody = await GrafanaClient.inNamespace(kube, namespace);
	// The API server's proxy hears that a pod is ready a moment after its kubelet has said so.
	return eventually(
		"somebody can log in",
		budgets.request,
		() => nobody.logIn(credentials).catch(giveUpIfRefused),
		() => true,
	);
}

/** Who asks with a wrong password time and again is locked out. */
function giveUpIfRefused(error: unknown): never {
	if (error instanceof KubeError && error.status === 401)
		throw new HopelessError(error.message, { cause: error });
	throw error;
}
