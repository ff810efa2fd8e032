import type { Nodes } from "../../harness/cluster/nodes.ts";
import { onlyOnce } from "./only-once.ts";

/** Milliseconds of CPU in each tenth of a second. */
const share = 5;

/**
 * Gives a pod a twentieth of a CPU, by its control group on the node.
 *
 * @returns what takes the limit off again
 */
export async function slowDown(
	nodes: Nodes,
	node: string,
	podUid: string,
): Promise<() => Promise<void>> {
	// Version 1 of control groups calls the file cpu.cfs_quota_us, version 2 cpu.max.
	const set = (quota: number) =>
		nodes.script(
			node,
			`set -e
found=$(find /sys/fs/cgroup -type d -name "*pod$1*" 2>/dev/null | while read -r dir; do
	for file in cpu.cfs_quota_us cpu.max; do
		if [ -e "$dir/$file" ]; then echo "$dir/$file"; fi
	done
done)
[ -n "$found" ] || { echo "no control group of pod $1 limits its CPU" >&2; exit 1; }
for file in $found; do
	case $file in
		*/cpu.max) if [ "$2" -lt 0 ]; then echo "max 100000"; else echo "$2 100000"; fi > "$file" ;;
		*) echo "$2" > "$file" ;;
	esac
done`,
			podUid.replaceAll("-", "[-_]"),
			String(quota),
		);
	await set(share * 1000);
	return onlyOnce(() => set(-1));
}
