import { mapValues } from "es-toolkit";
import { GenericContainer, getContainerRuntimeClient } from "testcontainers";
import { runHostConfig } from "./docker.ts";
import { localHosts } from "./this-machine.ts";

type PortBindings = Readonly<
	Record<
		string,
		readonly { readonly HostIp?: string; readonly HostPort?: string }[]
	>
>;

/** The host name or address at which this process reaches the ports that Docker publishes. */
export async function findEngineHost(): Promise<string> {
	const { info } = await getContainerRuntimeClient();
	return info.containerRuntime.host;
}

/**
 * Opens published ports to this machine only, if the engine is on it. By default Docker opens them on every interface, past
 * most firewalls. A process that reaches the engine by another address needs them there.
 *
 * @param bindings undefined if the container publishes no port
 */
export async function bindToLoopback(
	bindings: PortBindings | undefined,
): Promise<PortBindings | undefined> {
	if (!bindings || !localHosts.includes(await findEngineHost()))
		return bindings;
	return mapValues(bindings, (each) =>
		each.map((binding) => ({ ...binding, HostIp: "127.0.0.1" })),
	);
}

/** A container of a run: labelled, with a bounded log, and ports for this machine only. */
export class RunContainer extends GenericContainer {
	constructor(image: string, labels: Readonly<Record<string, string>>) {
		super(image);
		this.withLabels({ ...labels });
		Object.assign(this.hostConfig, runHostConfig);
	}

	protected override async beforeContainerCreated(): Promise<void> {
		this.hostConfig.PortBindings = await bindToLoopback(
			this.hostConfig.PortBindings,
		);
	}
}
