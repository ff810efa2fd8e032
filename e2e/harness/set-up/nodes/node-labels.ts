import { defaults } from "es-toolkit/compat";
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

/** Kubernetes and k3s set these themselves, and some have one value for each node. */
const isSetAnyway = (key: string) => /^(beta\.)?kubernetes\.io\//.test(key);
/** k3s' server is one: a pod without a tier, whose affinity is for such a node, goes there. */
const isOfServer = (key: string) =>
	/^node-role\.kubernetes\.io\/(control-plane|master)$/.test(key);

/**
 * The labels that nodeSelectors and required affinities ask for beside the tier, and those that pods must be spread over. A
 * homelab may have several nodes of a tier, the test has one, so it gets them. A pod whose selector names no tier gets any
 * node.
 *
 * @throws BadInputError if one node cannot have them all
 */
export function findNodeLabels(manifests: readonly Manifest[]): NodeLabels {
	const found: Partial<Record<NodeName, Record<string, string>>> = {};
	const placed = manifests.flatMap((object) => {
		const read = readPlaced(object);
		return read ? [{ object, ...read }] : [];
	});
	for (const { object, tier, wanted: all } of placed) {
		const wanted = Object.entries(all).filter(
			([key, values]) =>
				key !== tierLabel &&
				!isSetAnyway(key) &&
				// An affinity for whatever value.
				!(tier === undefined && values.length === 0 && isOfServer(key)),
		);
		if (wanted.length === 0) continue;
		const candidates = listCandidates(object, all[tierLabel]);
		const fitting = candidates.filter((name) =>
			wanted.every(([key, values]) => {
				const has = found[name]?.[key];
				return has === undefined || values.length === 0 || values.includes(has);
			}),
		);
		if (candidates.length > 0 && fitting.length === 0)
			throw new BadInputError(
				`${nameOf(object)} wants a node ${tier === undefined ? "" : `of tier ${tier} `}with ${say(wanted.map(([key, [value = "any value"]]) => [key, value]))}, but the test has one node of each tier, and others want other values of the same labels: the same nodeSelector or affinity for all of them, in a values file for the test, lets them share it`,
			);
		const taken = object.kind === "DaemonSet" ? fitting : fitting.slice(0, 1);
		for (const name of taken)
			found[name] = defaults(
				{ ...found[name] },
				Object.fromEntries(
					wanted.map(([key, [value = "true"]]) => [key, value]),
				),
			);
	}
	// One value for all is no spread, and lets every pod be where its tier is.
	const keys = placed
		.flatMap(({ spreadOver }) => spreadOver)
		.filter((key) => key !== tierLabel && !isSetAnyway(key));
	if (keys.length > 0)
		for (const name of names)
			found[name] = defaults(
				{ ...found[name] },
				Object.fromEntries(keys.map((key) => [key, "home"])),
			);
	return found;
}

function listCandidates(
	{ kind }: Manifest,
	tiers: readonly string[] = [],
): readonly NodeName[] {
	if (tiers.length > 0) return names.filter((name) => tiers.includes(name));
	return kind === "Prometheus"
		? ["large", ...names.filter((name) => name !== "large")]
		: names;
}

/** Says of each node which labels it has, as a sentence of the report. */
export function describeNodeLabels(labels: NodeLabels): string[] {
	return Object.entries(labels).map(
		([name, own]) =>
			`node ${name} has ${say(Object.entries(own))}, because pods of the values ask for it: the test has one node of each tier`,
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
