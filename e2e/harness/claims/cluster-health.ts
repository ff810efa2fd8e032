import { z } from "zod";
import { hasCondition, node } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { Environment } from "../../common/environment.ts";
import { messageOf } from "../../common/errors.ts";
import { nameInRun } from "../run/run.ts";

/** Why a failure does not count against the stack; undefined if the test environment is healthy. */
export async function whyEnvironmentFailed(
	kube: KubeClient,
	{ clusterId, nodes }: Pick<Environment, "clusterId" | "nodes">,
	errors: readonly unknown[],
): Promise<string | undefined> {
	const own = errors
		.map(findEnvironmentError)
		.find((each) => each !== undefined);
	const down = await listStopped(clusterId).catch((error: unknown) => [
		own ?? `Docker does not answer: ${messageOf(error)}`,
	]);
	// Before what the errors say: that nothing answers is often because one of these does not run.
	if (down.length > 0) return down.join("; ");
	if (own) return own;
	try {
		await kube.checkReady();
		const seen = await kube.list({ apiVersion: "v1", kind: "Node" }, node);
		const unready = Object.keys(nodes).filter(
			(name) =>
				!seen.some(
					(each) => each.metadata.name === name && hasCondition(each, "Ready"),
				),
		);
		if (unready.length > 0) return `not Ready: node ${unready.join(", node ")}`;
		const pressed = seen.filter((each) => hasCondition(each, "DiskPressure"));
		return pressed.length > 0
			? `out of disk space: node ${pressed.map(({ metadata }) => metadata.name).join(", node ")}`
			: undefined;
	} catch (error) {
		return `the API server is not ready: ${messageOf(error)}`;
	}
}

/** Lists the containers of the cluster that do not run, with the last error in their logs: nodes, object store, registry. */
async function listStopped(clusterId: string): Promise<string[]> {
	// Docker's client takes long to load, and most claims need none.
	const { reconnectDocker } = await import("../docker/connection.ts");
	const { readLastError } = await import("../cluster/node-log.ts");
	const docker = await reconnectDocker();
	const containers = await docker.listContainers({
		all: true,
		filters: { name: [nameInRun(clusterId, "")] },
	});
	if (containers.length === 0)
		return ["the cluster's containers do not exist any more"];
	return Promise.all(
		containers
			.filter(({ State }) => State !== "running")
			.map(async ({ Id, Names: [name], Status }) => {
				const error = await readLastError(docker, Id).catch(messageOf);
				return `container ${name?.slice(1)}: ${Status}; the last error in its log: ${error}`;
			}),
	);
}

const link = z.looseObject({
	name: z.string(),
	message: z.string(),
	noAnswer: z.boolean().optional(),
	cause: z.unknown(),
});

/** The message of an error, or of one of its causes, that the test environment is to blame for; undefined if none is. */
function findEnvironmentError(error: unknown): string | undefined {
	const read = link.safeParse(error);
	if (!read.success) return undefined;
	const { name, message, noAnswer, cause } = read.data;
	if (name === "EnvironmentError" || (name === "KubeError" && noAnswer))
		return message;
	return findEnvironmentError(cause);
}
