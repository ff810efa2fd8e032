import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import type { KubeClient } from "../../../clients/kubernetes.ts";
import { BadInputError } from "../../../common/errors.ts";
import {
	type NodeLabels,
	type NodeName,
	tierLabel,
} from "../../cluster/tiers.ts";
import { readPlaced } from "./placed.ts";

/** In the order in which a pod without a tier gets one. */
const names: readonly NodeName[] = ["medium", "large", "small", "server"];

/** Kubernetes sets these itself, and some have one value for each node. */
const isSetByKubernetes = (key: string) =>
	/^(beta\.)?kubernetes\.io\//.test(key);

/**
 * The labels that nodeSelectors ask for beside the tier. A homelab may have several nodes of a tier, the test has one,
 * so it gets them. A pod whose selector names no tier gets any node.
 *
 * @throws BadInputError if one node cannot have them all
 */
export function findNodeLabels(manifests: readonly Manifest[]): NodeLabels {
	const found: Partial<Record<NodeName, Record<string, string>>> = {};
	for (const object of manifests) {
		const { nodeSelector = {} } = readPlaced(object) ?? {};
		const wanted = Object.entries(nodeSelector).filter(
			([key]) => key !== tierLabel && !isSetByKubernetes(key),
		);
		if (wanted.length === 0) continue;
		const tier = nodeSelector[tierLabel];
		const candidates = listCandidates(object, tier);
		const fitting = candidates.filter((name) =>
			wanted.every(([key, value]) => (found[name]?.[key] ?? value) === value),
		);
		if (candidates.length > 0 && fitting.length === 0)
			throw new BadInputError(
				`${nameOf(object)} wants a node ${tier === undefined ? "" : `of tier ${tier} `}with ${say(wanted)}, but the test has one node of each tier, and others want other values of the same labels: the same nodeSelector for all of them, in a values file for the test, lets them share it`,
			);
		const taken = object.kind === "DaemonSet" ? fitting : fitting.slice(0, 1);
		for (const name of taken)
			found[name] = { ...found[name], ...Object.fromEntries(wanted) };
	}
	return found;
}

function listCandidates(
	{ kind }: Manifest,
	tier: string | undefined,
): readonly NodeName[] {
	if (tier !== undefined) return names.filter((name) => name === tier);
	return kind === "Prometheus"
		? ["large", ...names.filter((name) => name !== "large")]
		: names;
}

/** Says of each node which labels it has, as a sentence of the report. */
export function describeNodeLabels(labels: NodeLabels): string[] {
	return Object.entries(labels).map(
		([name, own]) =>
			`node ${name} has ${say(Object.entries(own))}, because nodeSelectors of the values ask for it: the test has one node of each tier`,
	);
}

function say(labels: readonly (readonly [string, string])[]): string {
	return labels.map(([key, value]) => `${key}=${value}`).join(", ");
}

/** Gives nodes, which exist, further labels. Others stay. */
export async function applyNodeLabels(
	kube: KubeClient,
	labels: NodeLabels,
): Promise<void> {
	await Promise.all(
		Object.entries(labels).map(([name, own]) =>
			kube.mergePatch(
				{ apiVersion: "v1", kind: "Node", name },
				{ metadata: { labels: own } },
			),
		),
	);
}
