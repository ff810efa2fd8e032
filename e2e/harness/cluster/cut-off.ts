import type { NodeName } from "./cluster.ts";
import { Nodes } from "./nodes.ts";

/** Services have no route of their own on a node: without one for all else they need it. */
const services = "10.43.0.0/16";

/**
 * Takes the nodes' way out of the run's network: what pods send to any other machine fails at once. Nodes must be Ready,
 * for k3s looks for the way out when it starts.
 */
export async function cutOff(
	containers: Readonly<Record<NodeName, string>>,
): Promise<void> {
	const nodes = await Nodes.connect({ nodes: containers });
	await Promise.all(
		nodes.names.map((node) =>
			nodes.script(
				node,
				`set -e
device=$(ip route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p')
ip route add "$1" dev "$device"
ip route del default`,
				services,
			),
		),
	);
}
