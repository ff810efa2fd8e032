import { parseConfig } from "../alerts/loaded-config.ts";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import type { KubeClient, Pod } from "../clients/kubernetes.ts";
import { makeRefresher } from "../clients/mounts.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";

interface AlertmanagerAccess {
	readonly kube: KubeClient;
	readonly nodes: Nodes;
	readonly alertmanager: AlertmanagerClient;
	/** Where the stack lives. */
	readonly namespace: string;
}

/** The pod of Alertmanager. @throws Error unless there is exactly one */
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
 * Waits until the files that Alertmanager reads webhooks from hold an address, as its process sees them.
 *
 * @param hurry has the kubelet look at once, which nobody does in a homelab
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
		throw new Error("Alertmanager reads no webhook's file");
	await eventually(
		"Alertmanager's files hold the webhook that Doppler holds",
		budgets.secretSync,
		async () => {
			const pod = await findAlertmanagerPod(access);
			const { pid, node } = await access.nodes.findProcess(
				pod.spec.nodeName ?? "",
				pod.metadata.uid,
				"alertmanager",
			);
			const contents = await Promise.all(
				files.map((file) =>
					access.nodes.exec(node, ["cat", `/proc/${pid}/root${file}`]),
				),
			);
			const others = files.filter(
				(_, i) => contents[i]?.toString().trim() !== webhookUrl,
			);
			if (others.length === 0) return undefined;
			const reason = `${others.join(", ")} holds another`;
			return hurry ? refresh(reason) : reason;
		},
		(missing) => missing ?? true,
	);
}
