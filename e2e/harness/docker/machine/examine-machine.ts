import { findOwnProxy } from "../way-out.ts";
import type { MachineFacts } from "./machine-facts.ts";

/** One thing that was looked at before anything starts. */
export type MachineFinding = {
	readonly subject: string;
	readonly found: string;
} & (
	| { readonly verdict: "good"; readonly remedy?: undefined }
	/** With `bad`, a run would fail; with `doubtful`, it may. The remedy says what mends it. */
	| { readonly verdict: "doubtful" | "bad"; readonly remedy: string }
);

const GiB = 2 ** 30;

/**
 * Measured: 2.7 GiB of memory for four nodes with stack and addons, 1.8 GiB for this process with its claims; 4 GiB of
 * disk for images, the nodes' file systems and volumes.
 */
const needed = { memory: 5 * GiB, disk: 8 * GiB } as const;
/**
 * Four nodes with fifty containers come near 128, the kernel's default, with cgroup v2: containerd takes an instance for each
 * of them (containerd#10468). With version 1, it is the four kubelets alone that take some.
 */
const enoughInotify = { "1": 128, "2": 512 } as const;
/** Milliseconds. With blocks of 45 s, Prometheus refuses samples that are 22.5 s old. */
const clockError = { doubtful: 5_000, bad: 60_000 } as const;
/** Of Docker Desktop and the like: its VM has a part of the machine only. */
const vmRemedy =
	"give the engine's machine more (Docker Desktop, OrbStack: Settings, Resources; colima start --memory 8 --disk 60)";

/** Judges what was seen of the engine and its machine. @param env the variables of this process */
export function examineMachine(
	facts: MachineFacts,
	env: Readonly<Record<string, string | undefined>>,
): MachineFinding[] {
	return [
		examineEngine(facts),
		examineCgroups(facts),
		examineStorage(facts),
		examineMemory(facts),
		examineAmount("disk", facts.kernel.freeDisk, facts.unseenBecause),
		examineCpus(facts),
		examineInotify(facts),
		examineModules(facts),
		examineClock(facts),
		examineProxy(facts, env),
	];
}

function examineEngine({ info }: MachineFacts): MachineFinding {
	return {
		subject: "engine",
		verdict: "good",
		found: `Docker ${info.ServerVersion}, not rootless, on ${info.OperatingSystem}, Linux ${info.KernelVersion}`,
	};
}

function examineCgroups({ info }: MachineFacts): MachineFinding {
	const found = `version ${info.CgroupVersion}, driver ${info.CgroupDriver}`;
	// Kubernetes refuses version 1 from 1.35 on, unless it is told not to: nodes are.
	return { subject: "cgroups", verdict: "good", found };
}

/** What k3s in a node cannot put its own overlayfs on (k3s#12673), or only slowly. */
const awkwardStorage = /^(zfs|nfs|vfs|fuse-overlayfs|fuseblk|tmpfs|ecryptfs)$/i;

function examineStorage({ info }: MachineFacts): MachineFinding {
	const backing = info.DriverStatus?.find(
		([name]) => name === "Backing Filesystem",
	)?.[1];
	const found = backing ? `${info.Driver} on ${backing}` : info.Driver;
	const awkward = [info.Driver, backing ?? ""].some((each) =>
		awkwardStorage.test(each),
	);
	return awkward
		? {
				subject: "storage",
				verdict: "doubtful",
				found: `${found}: nodes may not get an overlayfs on it`,
				remedy: `move ${info.DockerRootDir} to ext4, xfs or btrfs`,
			}
		: { subject: "storage", verdict: "good", found };
}

/** Without an image to look with, the engine only says how much its machine has. */
function examineMemory(facts: MachineFacts): MachineFinding {
	const { info, kernel } = facts;
	const isTooSmall = info.MemTotal < needed.memory;
	const available =
		kernel.availableMemory ?? (isTooSmall ? info.MemTotal : undefined);
	return examineAmount("memory", available, facts.unseenBecause);
}

function examineAmount(
	subject: "memory" | "disk",
	have: number | undefined,
	unseenBecause: string | undefined,
): MachineFinding {
	if (have === undefined) return unseen(subject, unseenBecause);
	const found = `${gib(have)} available, ${gib(needed[subject])} needed`;
	if (have >= needed[subject]) return { subject, verdict: "good", found };
	return {
		subject,
		verdict: "bad",
		found: `too little ${subject}: ${found}`,
		remedy:
			subject === "disk"
				? `docker system prune, npm run down, or ${vmRemedy}`
				: `end other programs, or ${vmRemedy}`,
	};
}

function examineCpus({ info: { NCPU } }: MachineFacts): MachineFinding {
	return NCPU >= 2
		? { subject: "CPUs", verdict: "good", found: `${NCPU}` }
		: {
				subject: "CPUs",
				verdict: "doubtful",
				found: `${NCPU}: the waits are measured with two`,
				remedy: "give the engine's machine more, or use --patience 3",
			};
}

function examineInotify({
	info,
	kernel,
	unseenBecause,
}: MachineFacts): MachineFinding {
	const subject = "inotify";
	const have = kernel.inotifyInstances;
	if (have === undefined) return unseen(subject, unseenBecause);
	const found = `${have} instances per user`;
	const enough = enoughInotify[info.CgroupVersion === "1" ? "1" : "2"];
	return have >= enough
		? { subject, verdict: "good", found }
		: {
				subject,
				verdict: "doubtful",
				found: `${found}: four nodes may need more, and then pods do not start`,
				remedy: `sudo sysctl -w fs.inotify.max_user_instances=${enoughInotify[2]}`,
			};
}

function examineModules({
	kernel,
	unseenBecause,
}: MachineFacts): MachineFinding {
	const subject = "kernel modules";
	const { bridgeNetfilter, loopDevices, missingFileSystems } = kernel;
	if (missingFileSystems === undefined) return unseen(subject, unseenBecause);
	const missing = [
		...missingFileSystems,
		...(loopDevices ? [] : ["loop"]),
		...(bridgeNetfilter ? [] : ["br_netfilter"]),
	];
	if (missing.length === 0)
		return {
			subject,
			verdict: "good",
			found: "those that nodes need are there",
		};
	// The kernel loads a file system when it is mounted, and a run loads br_netfilter, without which a Service does not
	// answer a client on its pod's own node. A node does not have the devices that appear after its start.
	return {
		subject,
		verdict: loopDevices ? "doubtful" : "bad",
		found: `not loaded: ${missing.join(", ")}`,
		remedy: `sudo modprobe --all ${missing.join(" ")} where the engine runs`,
	};
}

function examineClock({ clockAhead }: MachineFacts): MachineFinding {
	const subject = "clock";
	const seconds = Math.abs(clockAhead / 1000).toFixed(1);
	if (Math.abs(clockAhead) <= clockError.doubtful)
		return {
			subject,
			verdict: "good",
			found: `the engine's and this process' differ by ${seconds} s`,
		};
	return {
		subject,
		// The API server's certificate is not valid yet for a process whose clock is behind. One that is ahead corrects itself.
		verdict: clockAhead > clockError.bad ? "bad" : "doubtful",
		found: `the engine's is ${seconds} s ${clockAhead > 0 ? "ahead of" : "behind"} this process'`,
		remedy:
			"set both: restart Docker Desktop or colima after a sleep; in WSL sudo hwclock --hctosys; elsewhere sudo timedatectl set-ntp true",
	};
}

function examineProxy(
	{ info }: MachineFacts,
	env: Readonly<Record<string, string | undefined>>,
): MachineFinding {
	const subject = "proxy";
	const engines = info.HttpsProxy || info.HttpProxy;
	const own = findOwnProxy(env);
	if (own && !engines)
		return {
			subject,
			verdict: "doubtful",
			found: `${own.name} is set for this process, but the engine, which pulls images, has no proxy`,
			remedy:
				"set the engine's as docs.docker.com/engine/daemon/proxy says, or take images from elsewhere (--images)",
		};
	return {
		subject,
		verdict: "good",
		found: engines ? "the engine has one" : "none",
	};
}

function unseen(subject: string, why = "nobody looked"): MachineFinding {
	return {
		subject,
		verdict: "doubtful",
		found: `cannot be seen from here: ${why}`,
		remedy: "docker pull busybox, then look again",
	};
}

function gib(bytes: number): string {
	return `${(bytes / GiB).toFixed(1)} GiB`;
}
