import type Dockerode from "dockerode";
import { hasCondition, type Node, node } from "../../clients/kube-objects.ts";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import type { StartedCluster } from "./cluster.ts";
import { readLastError } from "./node-log.ts";
import type { NodeName } from "./tiers.ts";

/**
 * Waits until every node that was asked for is Ready.
 *
 * @throws SetUpError with the last error in the log of each node that is not
 */
export async function waitForNodes(
	docker: Dockerode,
	{ kube, agents, nodeNames, nodes: containers }: StartedCluster,
): Promise<void> {
	await agents;
	let missing: NodeName[] = [...nodeNames];
	try {
		await eventually(
			`${nodeNames.join(", ")} are Ready`,
			budgets.nodesReady,
			async () => {
				const nodes = await kube.list({ apiVersion: "v1", kind: "Node" }, node);
				const waiting = nodeNames.flatMap((name) => {
					const seen = nodes.find((each) => each.metadata.name === name);
					const reason = whyNotReady(seen);
					return reason === undefined ? [] : [{ name, reason }];
				});
				missing = waiting.map(({ name }) => name);
				return (
					waiting.length === 0 ||
					notYet(
						waiting.map(({ name, reason }) => `${name}: ${reason}`).join("; "),
					)
				);
			},
		);
	} catch (cause) {
		const said = await Promise.all(
			missing.map(
				async (name) =>
					`node ${name}: ${await readLastError(docker, containers[name])}`,
			),
		);
		throw new SetUpError(
			[`${messageOf(cause)}. The last error of each in its log:`, ...said].join(
				"\n",
			),
			{ cause },
		);
	}
}

/** Undefined if the node is Ready. */
function whyNotReady(seen: Node | undefined): string | undefined {
	if (!seen) return "it has not registered";
	if (hasCondition(seen, "Ready")) return undefined;
	const ready = seen.status.conditions.find(({ type }) => type === "Ready");
	return ready?.message ?? "it has no condition Ready yet";
}
