import { Nodes } from "./nodes.ts";
import type { NodeName } from "./tiers.ts";

/** The Services' range. Nodes have no route for it, so without the default route it needs one. */
const services = "10.43.0.0/16";

/**
 * Removes the nodes' route out of the run's network: what pods send to other machines fails at once. The nodes must be
 * Ready, because k3s looks for the default route when it starts.
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
