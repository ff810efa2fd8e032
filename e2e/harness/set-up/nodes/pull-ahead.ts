import { partition, sortBy, uniq } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { budgets } from "../../../common/budgets.ts";
import { eventually } from "../../../common/eventually.ts";
import type { StartedCluster } from "../../cluster/cluster.ts";
import { Nodes } from "../../cluster/nodes.ts";
import { allTiers, type NodeName } from "../../cluster/tiers.ts";
import { imagesIn } from "../../images/rendered-references.ts";
import { readAddons } from "../addons/start.ts";
import { readBaseManifests } from "../base-objects.ts";
import type { Materials } from "../materials.ts";
import { readPlaced } from "./placed.ts";

/** For each node the images that its pods need, those first that others wait for. */
export type Pulls = Readonly<Record<NodeName, readonly string[]>>;

const allNodes: readonly NodeName[] = ["server", ...allTiers];
const roomiest = ["server", "large"] as const;

/**
 * Plans what each node pulls before it has any pods.
 *
 * @param chart what the chart renders. A pod of it without a tier may be anywhere: its kubelet pulls
 * @param others what this project adds. A pod of those without a tier goes to the nodes that have most room
 */
export function planPulls(
	chart: readonly Manifest[],
	others: readonly Manifest[],
): Pulls {
	const planned = [
		...sortBy(chart, [(each) => !isWaitedFor(each)]).map((object) => ({
			object,
			nodes: nodesOf(object, []),
		})),
		...others.map((object) => ({ object, nodes: nodesOf(object, roomiest) })),
	];
	const imagesFor = (node: NodeName) =>
		uniq(
			planned
				.filter(({ nodes }) => nodes.includes(node))
				.flatMap(({ object }) => imagesIn([object])),
		)
			// The nodes' registry has those under another digest: see cluster/pinned-images.ts.
			.filter((reference) => !reference.includes("@"));
	return {
		server: imagesFor("server"),
		small: imagesFor("small"),
		medium: imagesFor("medium"),
		large: imagesFor("large"),
	};
}

/** The same for all that a run installs. */
export async function readPulls(
	rendered: readonly Manifest[],
	{ components, addons }: Pick<Materials, "components" | "addons">,
): Promise<Pulls> {
	const tools = { components, rendered };
	// A pod that finds its Secret missing looks again after up to eight seconds.
	const [first, rest] = partition(addons, ({ writesSecrets }) => writesSecrets);
	return planPulls(rendered, [
		...(await readAddons(tools, first)),
		...(await readBaseManifests(components)),
		...(await readAddons(tools, rest)),
	]);
}

/** Prometheus is rolled out last, and not begun before its operator runs. */
function isWaitedFor(object: Manifest): boolean {
	return (
		object.kind === "Prometheus" ||
		JSON.stringify(object).includes('"--prometheus-config-reloader=')
	);
}

/** @param free where a pod goes that names no tier */
function nodesOf(
	object: Manifest,
	free: readonly NodeName[],
): readonly NodeName[] {
	const { tier, wanted = {} } = readPlaced(object) ?? {};
	const named = tier === undefined ? wanted["kubernetes.io/hostname"] : [tier];
	if (named) return allNodes.filter((each) => named.includes(each));
	return object.kind === "DaemonSet" ? allNodes : free;
}

/**
 * Pulls images while the nodes have no pods yet. For ten seconds nothing else happens there: the controller manager waits
 * that long before it first lists nodes (`listNodes` in Kubernetes' pkg/controller/nodeipam/ipam), and until then none has
 * addresses for pods. Pods that start later would all pull at once.
 *
 * This only saves time: what a node cannot pull, or not until it has pods, its kubelet pulls, and says why if it fails.
 *
 * @param over when the nodes have pods
 */
export async function pullAhead(
	{ nodes: containers, agents }: StartedCluster,
	pulls: Pulls,
	over: Promise<unknown>,
): Promise<void> {
	let isOver = false;
	const stop = () => {
		isOver = true;
	};
	over.then(stop, stop);
	const nodes = await Nodes.connect({ nodes: containers });
	const pull = async (node: NodeName) => {
		if (node !== "server") await agents;
		await eventually(
			`containerd answers on ${node}`,
			budgets.nodesReady,
			async () => {
				if (!isOver) await nodes.exec(node, ["crictl", "version"]);
			},
		);
		for (const image of pulls[node]) {
			if (isOver) return;
			await nodes.exec(node, ["crictl", "pull", image]);
		}
	};
	await Promise.allSettled(allNodes.map(pull));
}
