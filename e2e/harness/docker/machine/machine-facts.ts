import { existsSync } from "node:fs";
import { release, totalmem } from "node:os";
import { execa } from "execa";
import { labels } from "../../../common/labels.ts";
import type { Engine } from "../engine.ts";
import type { EngineInfo } from "../engine-info.ts";
import { runOneShot } from "../one-shot.ts";

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
	const kernel = await readKernel(engine, containerLabels);
	return { info, clockAhead, kernel };
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
	{ docker, info }: Engine,
	containerLabels: Readonly<Record<string, string>>,
): Promise<KernelFacts> {
	// A container with the engine's socket has the engine's kernel too, but neither its devices nor its disk.
	const isHere =
		info.KernelVersion === release() &&
		info.MemTotal === totalmem() &&
		existsSync(info.DockerRootDir);
	if (isHere) return parseKernelFacts(await readHere(info.DockerRootDir));
	const image = await findImageWithShell(docker);
	if (!image) return parseKernelFacts("");
	const { stdout } = await runOneShot(docker, {
		image,
		tool: "sh",
		args: ["-c", script, "sh", "/"],
		labels: containerLabels,
		privileged: true,
		limit: 30_000,
		speaks: true,
	});
	return parseKernelFacts(stdout);
}

/** The engine runs on this machine. */
async function readHere(rootDir: string): Promise<string> {
	const { stdout } = await execa("sh", ["-c", script, "sh", rootDir]);
	return stdout;
}

/** An image of ours, or of upstream's, in which a shell script runs; undefined if the engine has none yet. */
export function findImageWithShell(
	docker: Engine["docker"],
): Promise<string | undefined> {
	return findImage(docker, ["busybox", "rancher/k3s", "alpine"]);
}

/** An image with busybox' own commands; undefined if the engine has none yet. */
export function findBusybox(
	docker: Engine["docker"],
): Promise<string | undefined> {
	return findImage(docker, ["busybox", "alpine"]);
}

/** An image with all that a node has; undefined if the engine has none yet. */
export function findNodeImage(
	docker: Engine["docker"],
): Promise<string | undefined> {
	return findImage(docker, ["rancher/k3s"]);
}

/** @param names of upstream's images; built ones are labelled with the last part */
async function findImage(
	docker: Engine["docker"],
	names: readonly string[],
): Promise<string | undefined> {
	const images = await docker.listImages();
	const components = names.map((name) => name.split("/").at(-1));
	return images.find(
		({ RepoTags: tags, Labels: own }) =>
			components.includes(own?.[labels.component]) ||
			tags?.some((tag) => names.some((name) => isHubImage(tag, name))),
	)?.Id;
}

/**
 * Whether a tag is of an image of Docker Hub, also from a mirror as in `--images pull:<mirror>`. Of another repository's that
 * is called the same nobody knows what is in it, nor for which processor.
 *
 * @param name e.g. busybox, rancher/k3s
 */
export function isHubImage(tag: string, name: string): boolean {
	const repository = tag.replace(/:[^:/]*$/, "");
	const [, path = repository] =
		/(?:^|\/)docker\.io\/(.+)$/.exec(repository) ?? [];
	return path.replace(/^library\//, "") === name;
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
