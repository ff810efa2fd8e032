import { z } from "zod";
import { nameOf, parseManifests } from "../../clients/kube-objects.ts";
import { BadInputError } from "../../common/errors.ts";
import { tierLabel } from "../cluster/tiers.ts";

/** The test's nodes: the server, and one of each tier. */
const nodes = 4;

const podSpec = z.looseObject({
	nodeSelector: z.record(z.string(), z.string()).default({}),
	affinity: z
		.looseObject({
			podAntiAffinity: z
				.looseObject({
					requiredDuringSchedulingIgnoredDuringExecution: z
						.array(z.looseObject({ topologyKey: z.string() }))
						.default([]),
				})
				.optional(),
		})
		.optional(),
});

const replicated = z.looseObject({
	spec: podSpec.extend({
		replicas: z.number(),
		/** Of a workload; the operator's objects have the fields of pods themselves. */
		template: z.looseObject({ spec: podSpec }).optional(),
	}),
});

/**
 * Replicas that must be on different nodes need as many: a homelab may have several nodes of a tier, the test has one.
 *
 * @param manifests what Helm rendered, as YAML
 * @throws BadInputError if some would never be scheduled here
 */
export function checkRoomForReplicas(manifests: string): void {
	const flaws = parseManifests(manifests).flatMap((object) => {
		const { success, data } = replicated.safeParse(object);
		if (!success) return [];
		const { replicas, template, ...own } = data.spec;
		const { nodeSelector, affinity } = template?.spec ?? own;
		const apart =
			affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution.some(
				({ topologyKey }) => topologyKey === "kubernetes.io/hostname",
			);
		const tier = nodeSelector[tierLabel];
		const room = tier === undefined ? nodes : 1;
		if (!apart || replicas <= room) return [];
		const where =
			tier === undefined ? `${nodes} nodes` : `one node of tier ${tier}`;
		return [
			`${nameOf(object)} wants its ${replicas} replicas on different nodes, but the test has ${where}: podAntiAffinity: soft, in a values file for the test, lets them share it`,
		];
	});
	if (flaws.length > 0) throw new BadInputError(flaws.join("\n"));
}
