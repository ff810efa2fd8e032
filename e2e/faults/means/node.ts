import type { Environment } from "../../common/environment.ts";
import { type Fault, makeFault } from "../../common/fault.ts";
import type { Nodes } from "../../harness/cluster/nodes.ts";
import { mountVolumes } from "../../harness/cluster/volumes.ts";
import { reconnectDocker } from "../../harness/docker/connection.ts";

/** A node stops, with all that runs on it, and starts again with the volumes that it had. */
export function makeNodeOutage(
	nodes: Nodes,
	containers: Environment["nodes"],
	node: keyof Environment["nodes"],
	end: "killed" | "stopped",
): Fault {
	const getContainer = async () =>
		(await reconnectDocker()).getContainer(containers[node]);
	return makeFault(
		`node ${node} is ${end}`,
		async () => {
			const container = await getContainer();
			await (end === "killed" ? container.kill() : container.stop());
		},
		async () => {
			const container = await getContainer();
			const { State } = await container.inspect();
			if (!State.Running) await container.start();
			await mountVolumes(nodes, node);
		},
	);
}
