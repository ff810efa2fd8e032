import pLimit from "p-limit";
import { type Place, readLogs, readObjects } from "../alerts/exposure.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labels } from "../harness/labels.ts";
import type { Nodes } from "../harness/nodes.ts";
import { apiVersion } from "./external-secrets.ts";

/** What else may quote a secret, besides Secrets, ConfigMaps, pods and logs. */
const kinds = [
	["v1", "Event"],
	["v1", "Service"],
	["apps/v1", "Deployment"],
	["apps/v1", "StatefulSet"],
	["apps/v1", "DaemonSet"],
	["monitoring.coreos.com/v1", "Prometheus"],
	["monitoring.coreos.com/v1", "Alertmanager"],
	["monitoring.coreos.com/v1", "PrometheusRule"],
	[apiVersion, "ExternalSecret"],
	[apiVersion, "SecretStore"],
	[apiVersion, "ClusterSecretStore"],
] as const;

const atOnce = 4;

/**
 * Everything that the cluster shows to whoever may look: the nodes' logs, and objects, events and logs of every
 * namespace that no test made.
 *
 * @param homes the Secrets that the secret lives in, each as `<namespace>/<name>`
 */
export async function readCluster(
	kube: KubeClient,
	nodes: Nodes,
	homes: readonly string[],
): Promise<Place[]> {
	const namespaces = await kube.list({
		apiVersion: "v1",
		kind: "Namespace",
		labelSelector: `!${labels.run}`,
	});
	const names = namespaces.map(({ metadata }) => metadata.name);
	const homesIn = (namespace: string) =>
		new Set(
			homes.flatMap((home) => {
				const [where, name = ""] = home.split("/");
				return where === namespace ? [name] : [];
			}),
		);
	const limit = pLimit(atOnce);
	const places = await limit.map(names, async (name) => [
		...(await readObjects(kube, name, homesIn(name))),
		...(await readLogs(kube, name)),
	]);
	const objects = await limit.map(kinds, async ([apiVersion, kind]) => {
		const all = await kube.list({ apiVersion, kind });
		return all.map((each) => ({
			name: `${kind} ${each.metadata.namespace ?? ""}/${each.metadata.name}`,
			content: JSON.stringify(each),
		}));
	});
	const logs = await limit.map(nodes.names, async (name) => ({
		name: `log of node ${name}`,
		content: await nodes.log(name),
	}));
	return [...places, ...objects, logs].flat();
}
