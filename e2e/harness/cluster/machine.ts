import { messageOf, SetUpError } from "../../common/errors.ts";
import type { Engine } from "../docker/engine.ts";
import { hasBridgeFilter } from "../docker/machine/machine-facts.ts";
import { runOneShot, ToolError } from "../docker/one-shot.ts";
import type { Run } from "../run/run.ts";

/** What the kernel of the engine's machine lets a privileged container do. */
export interface Machine {
	/** Some virtual machines withhold CAP_SYS_RESOURCE even from privileged containers. */
	readonly hasSysResource: boolean;
}

/** The bit of CAP_SYS_RESOURCE, see capability.h. */
const sysResource = 24n;

const look = `grep ^CapBnd: /proc/self/status
if ${hasBridgeFilter}; then echo br_netfilter; fi`;

/**
 * Looks at the machine from inside a container as privileged as a node, and loads the kernel module br_netfilter if it is
 * missing. Docker does so itself before version 27.3 only (moby#48492), and without it a Service does not answer pods on the
 * node of its backend.
 *
 * @param image with a shell
 * @throws SetUpError if the module cannot be loaded
 */
export async function prepareMachine(
	engine: Engine,
	run: Run,
	image: string,
	say: (line: string) => void,
): Promise<Machine> {
	const seen = await lookAt(engine, run, image);
	if (!seen.includes("br_netfilter")) {
		await loadBridgeFilter(engine, run, image);
		// modprobe -r would remove the module bridge as well, and docker0 with it.
		say(
			"loaded the kernel module br_netfilter on the Docker engine's machine: it stays until `sudo rmmod br_netfilter`, or until the machine restarts",
		);
	}
	const bounding = /^CapBnd:\s*([0-9a-f]+)/m.exec(seen)?.[1];
	if (!bounding)
		throw new SetUpError(
			"the capabilities of a privileged container could not be read: its /proc/self/status has no CapBnd",
		);
	return {
		hasSysResource: ((BigInt(`0x${bounding}`) >> sysResource) & 1n) === 1n,
	};
}

async function lookAt({ docker }: Engine, run: Run, image: string) {
	const { stdout } = await runOneShot(docker, {
		image,
		tool: "sh",
		args: ["-c", look],
		labels: run.labels,
		privileged: true,
		speaks: true,
	});
	return stdout;
}

/**
 * Runs the machine's own modprobe, which knows where its modules are and how they are compressed. The kernel says where it
 * is. BusyBox would take its own one for a name without a path, and has no chroot outside of its shell in some images.
 */
const load = 'chroot /machine "$(cat /proc/sys/kernel/modprobe)" br_netfilter';

async function loadBridgeFilter(
	engine: Engine,
	run: Run,
	image: string,
): Promise<void> {
	const failed = (reason: string, cause?: unknown) =>
		new SetUpError(
			`the kernel module br_netfilter is not loaded on the Docker engine's machine, and without it a Service does not answer pods on its own node: run \`sudo modprobe br_netfilter\` there (this run may not: ${reason})`,
			{ cause },
		);
	await runOneShot(engine.docker, {
		image,
		tool: "sh",
		args: ["-c", load],
		labels: run.labels,
		privileged: true,
		binds: ["/:/machine"],
	}).catch((error: unknown) => {
		const said = error instanceof ToolError ? error.stderr : messageOf(error);
		throw failed(said.trim().split("\n").at(-1) ?? "", error);
	});
	if (!(await lookAt(engine, run, image)).includes("br_netfilter"))
		throw failed("modprobe succeeded, but the module is not there");
}
