import { K3sContainer } from "@testcontainers/k3s";
import { runHostConfig } from "../docker/docker.ts";
import { bindToLoopback, RunContainer } from "../docker/run-container.ts";

/**
 * A kubelet sets these for the whole machine, and nothing sets them back. It leaves alone what has the value that it wants,
 * so each node gets files of its own with these values. The list is that of the kubelet's setupKernelTunables.
 */
const kernelSettings = {
	"vm/overcommit_memory": 1,
	"vm/panic_on_oom": 0,
	"kernel/panic": 10,
	"kernel/panic_on_oops": 1,
	"kernel/keys/root_maxkeys": 1_000_000,
	"kernel/keys/root_maxbytes": 25_000_000,
};

/** k3s replaces the shell: as process 1 it moves itself out of the cgroup that its pods' ones are in. */
const entrypoint = [
	"set -e",
	"mkdir -p /run/kernel-settings",
	...Object.entries(kernelSettings).flatMap(([path, value], i) => [
		`echo ${value} > /run/kernel-settings/${i}`,
		`if [ -e /proc/sys/${path} ]; then mount --bind /run/kernel-settings/${i} /proc/sys/${path}; fi`,
	]),
	'exec k3s "$@"',
].join("\n");

/**
 * On cgroup v2, kubelets that share the machine's cgroups take each other's pods for leftovers and kill them, and what a
 * node leaves there stays after its removal (testcontainers-go#3653, testcontainers-java#10375).
 */
const cgroups = { CgroupnsMode: "private" } as const;

const startScript = ["sh", "-c", entrypoint, "k3s"];
const folders = { "/run": "rw", "/var/run": "rw" };

/** A container that runs k3s as an agent. */
export class AgentContainer extends RunContainer {
	constructor(image: string, labels: Readonly<Record<string, string>>) {
		super(image, labels);
		this.withPrivilegedMode().withTmpFs(folders).withEntrypoint(startScript);
		Object.assign(this.hostConfig, cgroups);
	}
}

/** A container that runs k3s as a server. */
export class ServerContainer extends K3sContainer {
	constructor(image: string, labels: Readonly<Record<string, string>>) {
		super(image);
		this.withLabels({ ...labels })
			// K3sContainer mounts the machine's cgroups here.
			.withBindMounts([])
			.withEntrypoint(startScript);
		Object.assign(this.hostConfig, runHostConfig, cgroups);
	}

	protected override async beforeContainerCreated(): Promise<void> {
		await super.beforeContainerCreated();
		this.hostConfig.PortBindings = await bindToLoopback(
			this.hostConfig.PortBindings,
		);
	}
}
