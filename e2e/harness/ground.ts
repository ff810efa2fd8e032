import { hasCondition, node } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { messageOf } from "./errors.ts";
import type { Nodes } from "./nodes.ts";

/** Ground that stands answers at once; a test that failed has waited long enough. */
const patience = 10_000;

/** Why nothing can be said about the stack any more; `undefined` where the ground stands. */
export async function whyGroundIsLost(
	kube: KubeClient,
	nodes: Nodes,
): Promise<string | undefined> {
	const down = await nodes.whichAreDown();
	if (down.length > 0) return down.join("; ");
	try {
		await kube.request("GET", "/readyz", { timeout: patience });
		const seen = await kube.list({ apiVersion: "v1", kind: "Node" }, node);
		const unready = nodes.names.filter(
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
