import type Dockerode from "dockerode";
import { cutAfter } from "../../common/secrecy/redact.ts";
import { readContainerLog } from "../docker/container-log.ts";

/** What k3s logs, and what a person can do about it. */
const wayOuts: readonly (readonly [RegExp, string])[] = [
	[
		/overlayfs.* snapshotter cannot be enabled/,
		"the file system of the Docker engine has no overlayfs for containers in containers: try --snapshotter native, or fuse-overlayfs, which is faster and needs /dev/fuse",
	],
	[
		/too many open files/,
		"the kernel's limit of inotify instances is too low: sudo sysctl -w fs.inotify.max_user_instances=1024",
	],
	[
		/cgroup v1 (support is unsupported|is not supported)|kubelet is configured to not run on a host using cgroup v1/,
		"this version of Kubernetes needs cgroup v2: choose an older one with --k3s-version, or boot the machine with cgroup v2",
	],
];

/** A node that cannot start may try for ever, and each try logs a few lines. */
const lastLines = 200;

/** Characters. */
const longest = 600;

/** What `describeLastError` says of a container's log. @param id its id or name */
export async function readLastError(
	docker: Dockerode,
	id: string,
): Promise<string> {
	return describeLastError(await readContainerLog(docker, id, lastLines));
}

/** The last error in a node's log, with a way out if it is a known one. @param log its end */
export function describeLastError(log: string): string {
	const lines = log.trim().split("\n");
	const error = lines.findLast((line) =>
		/level=(error|fatal)|^[EF]\d{4} |^panic: /.test(line),
	);
	const line = error ?? lines.at(-1);
	if (!line) return "it logged nothing";
	const known = wayOuts.find(([pattern]) => pattern.test(log));
	const text = cutAfter(line, longest, "");
	return known ? `${text}\n  (${known[1]})` : text;
}
