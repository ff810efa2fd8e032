import type { IrreversibleFault } from "../../common/fault.ts";
import type { NodeProcess, Nodes } from "../../harness/cluster/nodes.ts";

/**
 * SIGKILL for a Prometheus as soon as it replays its WAL. It is watched on its node, many times a second, until it reads
 * the WAL or has written to it. When it reads, it is stopped, looked at again and only then killed, so that it cannot complete
 * the replay in between.
 *
 * What shows the replay is a file of the WAL or its checkpoint that it has open for reading: `Head.Init` in Prometheus'
 * tsdb/head.go closes each after replaying it, and a running Prometheus only has the newest segment open, for writing.
 * That one is new at each start, so that a sample in it shows that the replay is over.
 * (Queues of remote write read segments too, but start after the replay, and then follow the newest.)
 *
 * @param seconds how long it is watched at most
 * @returns of `inflict`: the file that it was reading; undefined if its replay was over, or did not begin in this time,
 *   and then it runs on
 */
export function makeKillInReplay(
	nodes: Pick<Nodes, "script">,
	{ node, pid }: NodeProcess,
	seconds = 30,
): IrreversibleFault<string | undefined> {
	return {
		name: "Prometheus is killed while it replays its WAL",
		inflict: async () => {
			const reading = await nodes.script(
				node,
				script,
				String(pid),
				String(seconds),
			);
			return reading.trim() || undefined;
		},
	};
}

const script = `# However this ends, nothing stays stopped.
trap 'kill -CONT "$1" 2>/dev/null' EXIT
look() {
	read= written= over=
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
			[ ! -s "$fd" ] || over=yes
		fi
	done
	for file in $read; do
		[ "$file" = "$written" ] || return 0
	done
	return 1
}
end=$(($(date +%s) + $2))
while [ "$(date +%s)" -lt "$end" ]; do
	kill -0 "$1" || exit 1
	if look "$1"; then
		kill -STOP "$1" || exit 1
		if look "$1"; then
			kill -KILL "$1" || exit 1
			echo "\${file#*/wal/}"
			exit 0
		fi
		kill -CONT "$1"
	fi
	[ -z "$over" ] || exit 0
done`;
