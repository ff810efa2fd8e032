import { EnvironmentError } from "../common/errors.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import {
	type PrometheusProcess,
	readLocalBlocks,
} from "../harness/cluster/prometheus-pod.ts";

const tries = 5;

/**
 * Looks at several places while Prometheus cuts no block: what is looked at later would have more in blocks, and less only
 * in the head. If it cuts one, it is looked at once more.
 *
 * @throws EnvironmentError when each look takes so long that a cut falls into it
 */
export async function lookBetweenCuts<T>(
	nodes: Nodes,
	local: PrometheusProcess,
	look: () => Promise<T>,
): Promise<T> {
	const list = async () =>
		(await readLocalBlocks(nodes, local)).map(({ ulid }) => ulid);
	for (let tried = 0; tried < tries; tried += 1) {
		const before = new Set(await list());
		const seen = await look();
		if ((await list()).every((block) => before.has(block))) return seen;
	}
	throw new EnvironmentError(
		`Prometheus cut a block during each of ${tries} looks: this machine is too slow`,
	);
}
