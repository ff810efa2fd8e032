import pLimit from "p-limit";
import { z } from "zod";
import { type Place, readLogs, readObjects } from "../alerts/exposure.ts";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labels } from "../common/labels.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
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

/** Where the canary may stand: the ExternalSecret's Secret has its name, and the mock of Doppler has to know it. */
export const canarySecret = "doppler-canary";

/**
 * Everything that the cluster shows to whoever may look: the nodes' logs, and objects, events and logs of every
 * namespace that no test made. The two Secrets that the canary lives in are left out.
 *
 * @param namespace the stack's own
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

/** What External Secrets says: its own log, and events and conditions of what it looks after. */
export async function readExternalSecrets(kube: KubeClient): Promise<Place[]> {
	const events = await kube.list({ apiVersion: "v1", kind: "Event" }, event);
	const said = await Promise.all([
		readLogs(kube, "external-secrets"),
		readKind(kube, apiVersion, "ExternalSecret"),
		readKind(kube, apiVersion, "ClusterSecretStore"),
	]);
	return [
		...said.flat(),
		...events
			.filter(({ involvedObject }) => involvedObject.apiVersion === apiVersion)
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
