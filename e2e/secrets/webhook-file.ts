import { parseConfig } from "../alerts/loaded-config.ts";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { makeRefresher } from "../clients/mounts.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";

interface AlertmanagerAccess {
	readonly kube: KubeClient;
	readonly nodes: Nodes;
	readonly alertmanager: AlertmanagerClient;
	/** The namespace of the stack. */
	readonly namespace: string;
}

/** Alertmanager's pod. @throws Error unless there is exactly one */
export async function findAlertmanagerPod({
	kube,
	namespace,
}: Pick<AlertmanagerAccess, "kube" | "namespace">): Promise<Pod> {
	const pods = await listPodsOfService(
		kube,
		namespace,
		"alertmanager-operated",
	);
	const [pod, ...others] = pods;
	if (!pod || others.length > 0)
		throw new Error(`Alertmanager has ${pods.length} pods, not one`);
	return pod;
}

/**
 * Waits until the files from which Alertmanager reads webhooks contain an address, as its process sees them.
 *
 * @param hurry makes the kubelet update mounts immediately, which does not happen in a homelab
 */
export async function waitUntilMounted(
	access: AlertmanagerAccess,
	webhookUrl: string,
	hurry = false,
): Promise<void> {
	const refresh = makeRefresher(
		access.kube,
		access.namespace,
		"alertmanager-operated",
	);
	const { receivers } = parseConfig(await access.alertmanager.config());
	const files = receivers
		.flatMap(({ slack_configs }) => slack_configs)
		.flatMap(({ api_url_file }) => api_url_file ?? []);
	if (files.length === 0)
		throw new Error("Alertmanager's configuration has no api_url_file");
	await eventually(
		"Alertmanager's files contain the webhook that Doppler has",
		budgets.secretSync,
		async () => {
			const pods = await listPodsOfService(
				access.kube,
				access.namespace,
				"alertmanager-operated",
			);
			if (pods.length === 0) return notYet("Alertmanager has no pod");
			const others = (
				await Promise.all(
					pods.map((pod) => findOthers(access, pod, files, webhookUrl)),
				)
			).flat();
			if (others.length === 0) return;
			const reason = `another one is in ${others.join(", ")}`;
			return notYet(hurry ? await refresh(reason) : reason);
		},
	);
}

/** The files of a replica that contain another address. */
async function findOthers(
	{ nodes }: AlertmanagerAccess,
	{ spec, metadata }: Pod,
	files: readonly string[],
	webhookUrl: string,
): Promise<string[]> {
	const { pid, node } = await nodes.findProcess(
		spec.nodeName ?? "",
		metadata.uid,
		"alertmanager",
	);
	const contents = await Promise.all(
		files.map((file) => nodes.exec(node, ["cat", `/proc/${pid}/root${file}`])),
	);
	return files.filter((_, i) => contents[i]?.toString().trim() !== webhookUrl);
}
