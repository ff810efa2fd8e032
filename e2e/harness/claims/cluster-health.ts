import { z } from "zod";
import { hasCondition, node } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import type { Environment } from "../../common/environment.ts";
import { messageOf } from "../../common/errors.ts";
import { connectDocker } from "../docker/docker.ts";

/** A healthy API server answers at once; a test that failed has waited long enough. */

/** Why a failure says nothing about the stack; `undefined` where the test environment is healthy. */
export async function whyEnvironmentFailed(
	kube: KubeClient,
	{ clusterId, nodes }: Pick<Environment, "clusterId" | "nodes">,
	errors: readonly unknown[],
): Promise<string | undefined> {
	const own = errors
		.map(findEnvironmentError)
		.find((each) => each !== undefined);
	if (own) return own;
	const down = await whichAreDown(clusterId).catch((error: unknown) => [
		`Docker does not answer: ${messageOf(error)}`,
	]);
	if (down.length > 0) return down.join("; ");
	try {
		await kube.request("GET", "/readyz", { timeout: budgets.health });
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
			? `no disk left: node ${pressed.map(({ metadata }) => metadata.name).join(", node ")}`
			: undefined;
	} catch (error) {
		return `the API server does not answer as it should: ${messageOf(error)}`;
	}
}

/** Nodes, object store and registry: what must run beside each other, by the names that set-up gave them. */
async function whichAreDown(clusterId: string): Promise<string[]> {
	const docker = await connectDocker();
	const containers = await docker.listContainers({
		all: true,
		filters: { name: [`o11y-e2e-${clusterId}-`] },
	});
	if (containers.length === 0) return ["the cluster's containers are gone"];
	return containers
		.filter(({ State }) => State !== "running")
		.map(({ Names: [name], Status }) => `container ${name}: ${Status}`);
}

const link = z.looseObject({
	name: z.string(),
	message: z.string(),
	noAnswer: z.boolean().optional(),
	cause: z.unknown(),
});

/** The message of an error of the test environment, or of one that has such a cause: Docker, or an API server that did not answer. */
function findEnvironmentError(error: unknown): string | undefined {
	const read = link.safeParse(error);
	if (!read.success) return undefined;
	const { name, message, noAnswer, cause } = read.data;
	if (name === "EnvironmentError" || (name === "KubeError" && noAnswer))
		return message;
	return findEnvironmentError(cause);
}
