import { z } from "zod";
import {
	hasCondition,
	kubeObject,
	type Node,
	node,
	pod,
} from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { parseQuantity } from "../common/sizes.ts";
import type { Facts } from "./truth.ts";

const nodeWithCapacity = node.extend({
	status: z.looseObject({ capacity: z.record(z.string(), z.string()) }),
});

/** The phase of each pod of some namespaces: 1 by `<namespace>/<pod>/<phase>`. */
export async function readPhases(
	kube: KubeClient,
	namespaces: ReadonlySet<string>,
): Promise<Facts> {
	const pods = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
	return Object.fromEntries(
		pods
			.filter(({ metadata }) => namespaces.has(metadata.namespace ?? ""))
			.map(({ metadata: { namespace, name }, status }) => [
				`${namespace}/${name}/${status.phase}`,
				1,
			]),
	);
}

const deployment = kubeObject.extend({
	spec: z.looseObject({ replicas: z.number().default(1) }),
	status: z
		.looseObject({
			availableReplicas: z.number().default(0),
			updatedReplicas: z.number().default(0),
		})
		.prefault({}),
});

/**
 * The replicas of each Deployment of some namespaces: by `<metric>/<namespace>/<deployment>`.
 *
 * @param metrics the names for how many it wants, how many are available and how many are of its newest revision
 */
export async function readReplicas(
	kube: KubeClient,
	namespaces: ReadonlySet<string>,
	[wanted, available, updated]: readonly [string, string, string],
): Promise<Facts> {
	const all = await kube.list(
		{ apiVersion: "apps/v1", kind: "Deployment" },
		deployment,
	);
	return Object.fromEntries(
		all
			.filter(({ metadata }) => namespaces.has(metadata.namespace ?? ""))
			.flatMap(({ metadata: { namespace, name }, spec, status }) => [
				[`${wanted}/${namespace}/${name}`, spec.replicas],
				[`${available}/${namespace}/${name}`, status.availableReplicas],
				[`${updated}/${namespace}/${name}`, status.updatedReplicas],
			]),
	);
}

/** The conditions of nodes that are true: 1 by `<node>/<condition>`. */
export function listTrueConditions(nodes: readonly Node[]): Facts {
	return Object.fromEntries(
		nodes.flatMap((each) =>
			each.status.conditions
				.filter(({ type }) => hasCondition(each, type))
				.map(({ type }) => [`${each.metadata.name}/${type}`, 1]),
		),
	);
}

/** The number of CPUs and the bytes of memory that each node's kubelet reports: by `<node>/cpu` and `<node>/memory`. */
export async function readNodeCapacities(kube: KubeClient): Promise<Facts> {
	const nodes = await kube.list(
		{ apiVersion: "v1", kind: "Node" },
		nodeWithCapacity,
	);
	return Object.fromEntries(
		nodes.flatMap(({ metadata, status: { capacity } }) =>
			(["cpu", "memory"] as const).map((what) => [
				`${metadata.name}/${what}`,
				parseQuantity(capacity[what] ?? ""),
			]),
		),
	);
}
