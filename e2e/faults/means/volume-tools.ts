import { budgets } from "../../common/budgets.ts";
import type { Environment } from "../../common/environment.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import type { Nodes } from "../../harness/cluster/nodes.ts";
import { reconnectDocker } from "../../harness/docker/connection.ts";
import { runOneShot } from "../../harness/docker/one-shot.ts";
import { makeRunLabels } from "../../harness/run/run.ts";

/** What is needed to run a tool on a node's volume. */
export type VolumeEnvironment = Pick<Environment, "runId" | "nodes" | "images">;

/** Where the tools see a node's files, those of its mounts too. */
export const nodeRoot = "/proc/1/root";

/**
 * Runs a tool that is neither in the image of the nodes nor in that of the volumes' helper, whether those were built or
 * pulled: in a container of its own that shares the node's processes, and reaches its files through the first of them.
 *
 * @throws ToolError if it ends with an exit code other than 0
 */
export async function runOnNode(
	{ runId, nodes, images }: VolumeEnvironment,
	node: keyof Environment["nodes"],
	tool: string,
	args: readonly string[],
): Promise<string> {
	const { stdout } = await runOneShot(await reconnectDocker(), {
		image: images.debian,
		tool,
		args,
		labels: makeRunLabels(runId),
		pid: `container:${nodes[node]}`,
		privileged: true,
	});
	return stdout;
}

/** @throws Error if the cluster has no such node */
export function nodeNamed(
	{ nodes }: Pick<Environment, "nodes">,
	name: string,
): keyof Environment["nodes"] {
	const isNode = (name: string): name is keyof typeof nodes => name in nodes;
	if (!isNode(name)) throw new Error(`the cluster has no node ${name}`);
	return name;
}

/**
 * Waits until no loop device has a volume's file. If it was mounted before, that would be the old file system, or the
 * same one a second time.
 */
export async function waitForUnmount(
	nodes: Nodes,
	node: string,
	image: string,
): Promise<void> {
	// The node itself may be stopped. Loop devices are the machine's, so each node sees those of all.
	const witness = nodes.names.find((each) => each !== node) ?? node;
	await eventually(
		`the kernel has unmounted ${image}`,
		budgets.unmount,
		async () => {
			const files = await nodes.script(
				witness,
				"cat /sys/block/loop*/loop/backing_file 2>/dev/null; true",
			);
			if (files.includes(image)) return notYet("a loop device still has it");
		},
	);
}
