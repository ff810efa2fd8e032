import pLimit from "p-limit";
import { z } from "zod";
import { type Place, readLogs, readObjects } from "../alerts/exposure.ts";
import { kubeObject, monitoringV1 } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labels } from "../common/labels.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import { externalSecretsV1 } from "./external-secrets.ts";

/** Kinds that may quote a secret, other than Secrets, ConfigMaps and pods. */
const kinds = [
	["v1", "Event"],
	["v1", "Service"],
	["apps/v1", "Deployment"],
	["apps/v1", "StatefulSet"],
	["apps/v1", "DaemonSet"],
	[monitoringV1, "Prometheus"],
	[monitoringV1, "Alertmanager"],
	[monitoringV1, "PrometheusRule"],
	[externalSecretsV1, "ExternalSecret"],
	[externalSecretsV1, "SecretStore"],
	[externalSecretsV1, "ClusterSecretStore"],
] as const;

const atOnce = 4;

/** The ExternalSecret and its Secret with the canary. Only that Secret and the mock of Doppler may contain it. */
export const canarySecret = "doppler-canary";

/**
 * Everything that can be read in the cluster: the nodes' logs, and objects, events and logs of every namespace that no
 * test has created. The two Secrets that are meant to contain the canary are left out.
 *
 * @param namespace of the stack
 */
export async function readCluster(
	kube: KubeClient,
	nodes: Nodes,
	namespace: string,
): Promise<Place[]> {
	const homes = ["doppler-mock/doppler-mock", `${namespace}/${canarySecret}`];
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
	const objects = await limit.map(kinds, ([apiVersion, kind]) =>
		readKind(kube, apiVersion, kind),
	);
	const logs = await limit.map(nodes.names, async (name) => ({
		name: `log of node ${name}`,
		content: await nodes.log(name),
	}));
	return [...places, ...objects, logs].flat();
}

const event = kubeObject.extend({
	involvedObject: z.looseObject({ apiVersion: z.string().default("") }),
});

/** What External Secrets writes: its log, and the events and conditions of its objects. */
export async function readExternalSecrets(kube: KubeClient): Promise<Place[]> {
	const events = await kube.list({ apiVersion: "v1", kind: "Event" }, event);
	const said = await Promise.all([
		readLogs(kube, "external-secrets"),
		readKind(kube, externalSecretsV1, "ExternalSecret"),
		readKind(kube, externalSecretsV1, "ClusterSecretStore"),
	]);
	return [
		...said.flat(),
		...events
			.filter(
				({ involvedObject }) => involvedObject.apiVersion === externalSecretsV1,
			)
			.map((each) => ({
				name: `Event ${each.metadata.namespace}/${each.metadata.name}`,
				content: JSON.stringify(each),
			})),
	];
}

async function readKind(
	kube: KubeClient,
	apiVersion: string,
	kind: string,
): Promise<Place[]> {
	const all = await kube.list({ apiVersion, kind });
	return all.map((each) => ({
		name: `${kind} ${each.metadata.namespace ?? ""}/${each.metadata.name}`,
		content: JSON.stringify(each),
	}));
}
