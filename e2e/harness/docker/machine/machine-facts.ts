import { existsSync } from "node:fs";
import { release, totalmem } from "node:os";
import { execa } from "execa";
import type { Engine } from "../engine.ts";
import type { EngineInfo } from "../engine-info.ts";
import { runOneShot } from "../one-shot.ts";
import { findImageWithShell } from "./tool-image.ts";

/** What the machine that an engine runs on says. Each is undefined if it cannot be seen. */
export interface KernelFacts {
	/** Bytes. */
	readonly availableMemory: number | undefined;
	readonly freeDisk: number | undefined;
	readonly inotifyInstances: number | undefined;
	readonly bridgeNetfilter: boolean | undefined;
	readonly loopDevices: boolean | undefined;
	/** Of those that nodes need. */
	readonly missingFileSystems: readonly string[] | undefined;
}

/** Everything that a run needs to know of the engine's machine. */
export interface MachineFacts {
	readonly info: EngineInfo;
	readonly kernel: KernelFacts;
	/** Why the kernel's facts cannot be seen, as a clause. */
	readonly unseenBecause?: string | undefined;
	/** Milliseconds by which the engine's clock is ahead of this process'. */
	readonly clockAhead: number;
}

/**
 * Looks at an engine's machine: in a VM or another machine by a container, if the engine has an image for one.
 *
 * @param containerLabels the labels of that container
 */
export async function gatherMachineFacts(
	engine: Engine,
	containerLabels: Readonly<Record<string, string>>,
): Promise<MachineFacts> {
	const { info, clockAhead } = engine;
	return {
		info,
		clockAhead,
		...(await readKernel(engine, containerLabels)),
	};
}

const nodeFileSystems = ["overlay", "ext4"];

/** A condition of a shell: whether br_netfilter is loaded, or built into the kernel. */
export const hasBridgeFilter =
	"[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || [ -e /sys/module/br_netfilter ]";

/** Prints `<fact> <value>` lines; the disk is that of the folder in $1. */
const script = `
echo memory $(sed -n 's/^MemAvailable: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)
echo disk $(df -Pk "$1" 2>/dev/null | sed -n '2s/ *[^ ]* *[^ ]* *[^ ]* *\\([0-9]*\\) .*/\\1/p')
echo inotify $(cat /proc/sys/fs/inotify/max_user_instances)
echo bridge $(if ${hasBridgeFilter}; then echo 1; else echo 0; fi)
echo loop $(test -e /dev/loop-control && echo 1 || echo 0)
${nodeFileSystems.map((name) => `grep -qw ${name} /proc/filesystems || echo missing ${name}`).join("\n")}
`;

async function readKernel(
	engine: Engine,
	containerLabels: Readonly<Record<string, string>>,
): Promise<Pick<MachineFacts, "kernel" | "unseenBecause">> {
	const { docker, info } = engine;
	// A container with the engine's socket has the engine's kernel too, but neither its devices nor its disk.
	const isHere =
		info.KernelVersion === release() &&
		info.MemTotal === totalmem() &&
		existsSync(info.DockerRootDir);
	if (isHere)
		return { kernel: parseKernelFacts(await readHere(info.DockerRootDir)) };
	const { image, why } = await findImageWithShell(engine);
	if (!image) return { kernel: parseKernelFacts(""), unseenBecause: why };
	const { stdout } = await runOneShot(docker, {
		image,
		tool: "sh",
		args: ["-c", script, "sh", "/"],
		labels: containerLabels,
		privileged: true,
		limit: 30_000,
		speaks: true,
	});
	return { kernel: parseKernelFacts(stdout) };
}

/** The engine runs on this machine. */
async function readHere(rootDir: string): Promise<string> {
	const { stdout } = await execa("sh", ["-c", script, "sh", rootDir]);
	return stdout;
}

/** @param lines what the script printed */
export function parseKernelFacts(lines: string): KernelFacts {
	const facts = new Map(
		lines
			.split("\n")
			.map((line) => line.split(" "))
			.map(([name = "", value = ""]) => [name, value]),
	);
	const number = (name: string) => {
		const value = facts.get(name);
		return value ? Number(value) : undefined;
	};
	const flag = (name: string) => {
		const value = number(name);
		return value === undefined ? undefined : value === 1;
	};
	const kibibytes = (name: string) => {
		const value = number(name);
		return value === undefined ? undefined : value * 1024;
	};
	return {
		availableMemory: kibibytes("memory"),
		freeDisk: kibibytes("disk"),
		inotifyInstances: number("inotify"),
		bridgeNetfilter: flag("bridge"),
		loopDevices: flag("loop"),
		missingFileSystems: lines
			? [...lines.matchAll(/^missing (\S+)$/gm)].map(([, name = ""]) => name)
			: undefined,
	};
}
