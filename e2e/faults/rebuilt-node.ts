import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { connectDocker } from "../harness/docker.ts";

/** What set-up lays into a node's container before it starts; not every node has both. */
const files = [
	"/etc/rancher/k3s/registries.yaml",
	"/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl",
];

const notFound = z.object({ statusCode: z.literal(404) });

/** Destroys a node's container with everything that lies on it, and starts one that is made alike. */
export async function rebuildNode(name: string): Promise<void> {
	const docker = await connectDocker();
	const old = docker.getContainer(name);
	const { Config, HostConfig, NetworkSettings } = await old.inspect();
	const kept = await Promise.all(
		files.map(async (path) => {
			try {
				const content = await buffer(await old.getArchive({ path }));
				return { folder: path.replace(/[^/]+$/, ""), content };
			} catch (error) {
				if (notFound.safeParse(error).success) return undefined;
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
	for (const each of kept)
		if (each) await rebuilt.putArchive(each.content, { path: each.folder });
	await rebuilt.start();
}
