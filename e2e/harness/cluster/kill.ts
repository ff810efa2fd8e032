import type { IrreversibleFault } from "../../common/fault.ts";
import type { NodeProcess, Nodes } from "./nodes.ts";

/** SIGKILL: a process ends without a chance to tidy up. @param what runs in it, for reports, e.g. "Prometheus" */
export function makeKill(
	nodes: Nodes,
	{ node, pid }: NodeProcess,
	what: string,
): IrreversibleFault {
	return {
		name: `${what} is killed`,
		inflict: async () => {
			await nodes.script(node, 'kill -9 "$1"', String(pid));
		},
	};
}
