import { type Fault, makeFault } from "../../common/fault.ts";
import type { Nodes } from "../../harness/cluster/nodes.ts";

/** Milliseconds of CPU in each tenth of a second. */
const share = 5;

/** A pod has a twentieth of a CPU, by its control group on the node. */
export function makeCpuShortage(
	nodes: Nodes,
	node: string,
	podUid: string,
): Fault {
	// Version 1 of control groups calls the file cpu.cfs_quota_us, version 2 cpu.max.
	const setQuota = (quota: number) =>
		nodes.script(
			node,
			`set -e
found=$(find /sys/fs/cgroup -type d -name "*pod$1*" 2>/dev/null | while read -r dir; do
	for file in cpu.cfs_quota_us cpu.max; do
		if [ -e "$dir/$file" ]; then echo "$dir/$file"; fi
	done
done)
# A pod that is gone has no quota left to lift.
[ -n "$found" ] || [ "$2" -lt 0 ] || { echo "no control group of pod $1 limits its CPU" >&2; exit 1; }
for file in $found; do
	case $file in
		*/cpu.max) if [ "$2" -lt 0 ]; then echo "max 100000"; else echo "$2 100000"; fi > "$file" ;;
		*) echo "$2" > "$file" ;;
	esac
done`,
			podUid.replaceAll("-", "[-_]"),
			String(quota),
		);
	return makeFault(
		"the pod has hardly any CPU",
		() => setQuota(share * 1000),
		() => setQuota(-1),
	);
}
