import type { IrreversibleFault } from "../../common/fault.ts";
import type { NodeProcess, Nodes } from "../../harness/cluster/nodes.ts";

/**
 * SIGKILL for a Prometheus that is in the middle of replaying its WAL. It is stopped, looked at and only then killed, so
 * that it cannot complete the replay in between.
 *
 * What shows the replay is a file of the WAL or its checkpoint that it has open for reading: `Head.Init` in Prometheus'
 * tsdb/head.go closes each after replaying it, and a running Prometheus only has the newest segment open, for writing.
 * (Queues of remote write read segments too, but start after the replay, and then follow the newest.)
 *
 * @returns of `inflict`: the file that it was reading; undefined if it was not replaying, and then it runs on
 */
export function makeKillInReplay(
	nodes: Pick<Nodes, "script">,
	{ node, pid }: NodeProcess,
): IrreversibleFault<string | undefined> {
	return {
		name: "Prometheus is killed while it replays its WAL",
		inflict: async () => {
			const reading = await nodes.script(node, script, String(pid));
			return reading.trim() || undefined;
		},
	};
}

const script = `kill -STOP "$1" || exit 1
# However this ends, nothing stays stopped.
trap 'kill -CONT "$1" 2>/dev/null' EXIT
read= written=
for fd in /proc/"$1"/fd/*; do
	file=$(readlink "$fd") || continue
	case $file in
		*/wal/[0-9]*|*/wal/checkpoint.*/[0-9]*) ;;
		*) continue ;;
	esac
	# The last digit of the flags is the access mode, and 0 means read-only.
	if grep -q '^flags:.*0$' "/proc/$1/fdinfo/\${fd##*/}"; then
		read="$read $file"
	else
		written=$file
	fi
done
for file in $read; do
	[ "$file" != "$written" ] || continue
	kill -KILL "$1" || exit 1
	echo "\${file#*/wal/}"
	exit 0
done
exit 0`;
