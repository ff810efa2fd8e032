import pLimit from "p-limit";
import { z } from "zod";
import { type Place, readLogs } from "../alerts/exposure.ts";
import {
	type KubeObject,
	kubeObject,
	nameOf,
} from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import { listOwnNamespaces } from "../scraping/cluster-state.ts";
import { externalSecretsV1 } from "./external-secrets.ts";

const atOnce = 4;

/** Has every event a second time. */
const eventsAgain = /^events\.k8s\.io\//;

/** The objects that are in a cluster. */
export interface ClusterObjects {
	readonly objects: readonly KubeObject[];
	/** How many kinds were listed. */
	readonly kinds: number;
	/** API versions whose server does not answer: their objects were not listed. */
	readonly unavailable: readonly string[];
}

/** Every object of every kind that the API server lists, except those in namespaces that tests have created. */
export async function listObjects(kube: KubeClient): Promise<ClusterObjects> {
	// Listed first: a test may create another namespace at any time.
	const namespaces = new Set(await listOwnNamespaces(kube));
	const { kinds, unavailable } = await kube.listKinds();
	const listed = kinds.filter(
		({ apiVersion }) => !eventsAgain.test(apiVersion),
	);
	const objects = await pLimit(atOnce).map(listed, (each) => kube.list(each));
	return {
		objects: objects
			.flat()
			.filter(
				({ metadata: { namespace } }) =>
					namespace === undefined || namespaces.has(namespace),
			),
		kinds: listed.length,
		unavailable,
	};
}

/** The logs of all containers, except those in namespaces that tests have created, and of all nodes. */
export async function readAllLogs(
	kube: KubeClient,
	nodes: Nodes,
): Promise<Place[]> {
	const limit = pLimit(atOnce);
	const namespaces = await listOwnNamespaces(kube);
	const pods = await limit.map(namespaces, async (namespace) =>
		(await readLogs(kube, namespace)).map(({ name, content }) => ({
			name: `${name} (namespace ${namespace})`,
			content,
		})),
	);
	const logs = await limit.map(nodes.names, async (name) => ({
		name: `log of node ${name}`,
		content: await nodes.log(name),
	}));
	return [...pods.flat(), ...logs];
}

const event = kubeObject.extend({
	involvedObject: z.looseObject({ apiVersion: z.string().default("") }),
});

/** What External Secrets writes: its log, and the events and conditions of its objects. */
export async function readExternalSecrets(kube: KubeClient): Promise<Place[]> {
	const events = await kube.list({ apiVersion: "v1", kind: "Event" }, event);
	const kinds = ["ExternalSecret", "SecretStore", "ClusterSecretStore"];
	const objects = await Promise.all(
		kinds.map((kind) => kube.list({ apiVersion: externalSecretsV1, kind })),
	);
	const own = events.filter(
		({ involvedObject }) => involvedObject.apiVersion === externalSecretsV1,
	);
	return [
		...(await readLogs(kube, "external-secrets")),
		...[...objects.flat(), ...own].map((each) => ({
			name: nameOf(each),
			content: JSON.stringify(each),
		})),
	];
}
