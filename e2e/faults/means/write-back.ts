import type { Nodes } from "../../harness/cluster/nodes.ts";

/** How long the kernel may keep what was written in memory only. In seconds. */
export interface WriteBack {
	/** vm.dirty_expire_centisecs: from this age on, it is written back. */
	readonly expire: number;
	/** vm.dirty_writeback_centisecs: how often the kernel looks for it. 0: never. */
	readonly interval: number;
	/** How often the file system commits its journal, without which a file does not grow. */
	readonly commit: number;
}

/** ext4 only shows it where it is another. */
const defaultCommit = 5;

/** Reads the settings of a node's kernel and of a file system that is mounted there. */
export async function readWriteBack(
	nodes: Nodes,
	node: string,
	mount: string,
): Promise<WriteBack> {
	const text = await nodes.script(
		node,
		`cat /proc/sys/vm/dirty_expire_centisecs /proc/sys/vm/dirty_writeback_centisecs && grep " $1 " /proc/mounts`,
		mount,
	);
	return parseWriteBack(text);
}

/** @param text two numbers and a line of /proc/mounts, a line each */
export function parseWriteBack(text: string): WriteBack {
	const [expire, interval, mount = ""] = text.split("\n");
	const commit = /[ ,]commit=(\d+)/.exec(mount)?.[1];
	return {
		expire: Number(expire) / 100,
		interval: Number(interval) / 100,
		commit: commit ? Number(commit) : defaultCommit,
	};
}

/** The age in seconds beyond which everything is on the disk; infinite where the kernel never looks. */
export function longestInMemory({
	expire,
	interval,
	commit,
}: WriteBack): number {
	return interval === 0 ? Number.POSITIVE_INFINITY : expire + interval + commit;
}

export function describeWriteBack({
	expire,
	interval,
	commit,
}: WriteBack): string {
	// Otherwise only fsync and a lack of memory have it written.
	const never = interval === 0 ? ", which is never" : "";
	return `vm.dirty_expire_centisecs ${expire * 100}, vm.dirty_writeback_centisecs ${interval * 100}${never}, and a commit of the journal every ${commit} s`;
}
