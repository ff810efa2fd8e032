import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { nameOf } from "../../../clients/kube-objects.ts";
import { BadInputError } from "../../../common/errors.ts";
import { readPlaced } from "./placed.ts";

/** The test's nodes: the server, and one of each tier. */
const nodes = 4;

/**
 * Replicas that must be on different nodes need as many: a homelab may have several nodes of a tier, the test has one.
 *
 * @param manifests what Helm rendered, as YAML
 * @throws BadInputError if some would never be scheduled here
 */
export function checkRoomForReplicas(manifests: string): void {
	const flaws = parseManifests(manifests).flatMap((object) => {
		const { tier, apart, replicas = 0 } = readPlaced(object) ?? {};
		const room = tier === undefined ? nodes : 1;
		if (!apart || replicas <= room) return [];
		const where =
			tier === undefined ? `${nodes} nodes` : `one node of tier ${tier}`;
		return [
			`${nameOf(object)} wants its ${replicas} replicas on different nodes, but the test has ${where}: an affinity that only prefers it, in a values file for the test, lets them share it`,
		];
	});
	if (flaws.length > 0) throw new BadInputError(flaws.join("\n"));
}
