import type Dockerode from "dockerode";
import { z } from "zod";
import { labels } from "../../common/labels.ts";
import { localHosts } from "./this-machine.ts";

const binding = z.looseObject({ HostIp: z.string().default("") });

/** What a container gives away, as sentences. */
export interface CarelessContainers {
	/** How many were looked at. */
	readonly count: number;
	readonly faults: readonly string[];
}

/**
 * Looks at all containers of a run: none may publish a port to other machines, past their firewall, and none may fill the
 * disk with its log. For an engine on this machine.
 */
export async function findCarelessContainers(
	docker: Dockerode,
	runId: string,
): Promise<CarelessContainers> {
	const filters = { label: [`${labels.run}=${runId}`] };
	const all = await docker.listContainers({ all: true, filters });
	const faults = await Promise.all(
		all.map(async ({ Id }) => {
			const { Name, HostConfig } = await docker.getContainer(Id).inspect();
			const { LogConfig, PortBindings, PublishAllPorts } = HostConfig;
			const bindings: unknown = PortBindings ?? {};
			const ports = Object.entries(
				z.record(z.string(), z.array(binding)).parse(bindings),
			);
			return [
				...ports.flatMap(([port, each]) =>
					each.every(({ HostIp }) => localHosts.includes(HostIp))
						? []
						: [`${Name} publishes ${port} to other machines`],
				),
				...(PublishAllPorts
					? [`${Name} publishes all ports to other machines`]
					: []),
				...(LogConfig?.Config?.["max-size"]
					? []
					: [`${Name} has a log without bounds`]),
			];
		}),
	);
	return { count: all.length, faults: faults.flat() };
}
