import { buffer } from "node:stream/consumers";
import type { IrreversibleFault } from "../../common/fault.ts";
import { packTar, unpackTar } from "../../common/tar.ts";
import { nodeFileTargets } from "../../harness/cluster/node-files.ts";
import { reconnectDocker } from "../../harness/docker/connection.ts";
import { isAbsent } from "../../harness/docker/docker.ts";

/** A node is lost with all its data, and an empty one takes its place. */
export function makeNodeLoss(
	node: string,
	container: string,
): IrreversibleFault {
	return {
		name: `node ${node} is destroyed and rebuilt`,
		inflict: () => rebuild(container),
	};
}

/** Removes a node's container with its volumes, and starts another one with the same configuration. */
async function rebuild(name: string): Promise<void> {
	const docker = await reconnectDocker();
	const old = docker.getContainer(name);
	const { Config, HostConfig, NetworkSettings } = await old.inspect();
	const kept = await Promise.all(
		nodeFileTargets.map(async (path): Promise<[string, Buffer][]> => {
			try {
				const archive = await buffer(await old.getArchive({ path }));
				const [content] = Object.values(await unpackTar(archive));
				return content ? [[path.slice(1), content]] : [];
			} catch (error) {
				if (isAbsent(error)) return [];
				throw error;
			}
		}),
	);
	await old.remove({ force: true, v: true });
	const networks = Object.keys(NetworkSettings.Networks);
	const { Hostname: _, ...config } = Config;
	const rebuilt = await docker.createContainer({
		...config,
		name,
		HostConfig,
		NetworkingConfig: {
			EndpointsConfig: Object.fromEntries(networks.map((each) => [each, {}])),
		},
	});
	const archive = await packTar(Object.fromEntries(kept.flat()));
	await rebuilt.putArchive(archive, { path: "/" });
	await rebuilt.start();
}
