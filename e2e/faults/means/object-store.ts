import type { Environment } from "../../common/environment.ts";
import { type Fault, makeFault } from "../../common/fault.ts";
import { labels } from "../../common/labels.ts";
import {
	objectStoreName,
	objectStorePort,
} from "../../harness/cluster/object-store.ts";
import { reconnectDocker } from "../../harness/docker/connection.ts";
import { runOneShot, ToolError } from "../../harness/docker/one-shot.ts";
import { networkOf, owner } from "../../harness/run/run.ts";

/**
 * Connections from pods on Prometheus' node to the object store are refused, and open ones are reset. The object store's
 * own side does it: a reset that the node sends instead does not always reach a pod on an open connection, and the sidecar
 * then waits two minutes for each.
 */
export function makeRefusedConnections({
	runId,
	clusterId,
	nodes,
}: Pick<Environment, "runId" | "clusterId" | "nodes">): Fault {
	const name = "the object store refuses connections";
	return {
		name,
		begin: async () => {
			const docker = await reconnectDocker();
			const { Image: image, NetworkSettings: settings } = await docker
				.getContainer(nodes.large)
				.inspect();
			const source = settings.Networks[networkOf(clusterId)]?.IPAddress;
			if (!source) throw new Error(`${nodes.large} has no address`);
			const rule = `INPUT -p tcp -s ${source} --dport ${objectStorePort} -j REJECT --reject-with tcp-reset`;
			const iptables = (verb: "-I" | "-C" | "-D") =>
				runOneShot(docker, {
					image,
					tool: "iptables",
					args: [verb, ...rule.split(" ")],
					labels: { [labels.run]: runId, [labels.owner]: owner },
					network: `container:${objectStoreName(clusterId)}`,
					privileged: true,
				});
			const hasRule = async () => {
				try {
					await iptables("-C");
					return true;
				} catch (error) {
					// The exit code if there is no such rule.
					if (error instanceof ToolError && error.exitCode === 1) return false;
					throw error;
				}
			};
			return makeFault(
				name,
				() => iptables("-I"),
				async () => {
					if (await hasRule()) await iptables("-D");
				},
			).begin();
		},
	};
}
