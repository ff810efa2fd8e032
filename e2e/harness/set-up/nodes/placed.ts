import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";

const podSpec = z.looseObject({
	/** Objects of other programs may have a selector of nodes that has another form. */
	nodeSelector: z
		.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
		.nullish()
		.catch(undefined),
	affinity: z
		.looseObject({
			podAntiAffinity: z
				.looseObject({
					requiredDuringSchedulingIgnoredDuringExecution: z
						.array(z.looseObject({ topologyKey: z.string() }))
						.nullish(),
				})
				.nullish(),
		})
		.nullish()
		.catch(undefined),
});

const placed = z.looseObject({
	spec: podSpec.extend({
		replicas: z.number().nullish().catch(undefined),
		/** A workload has a template; the operator's objects have the fields of pods themselves. */
		template: z.looseObject({ spec: podSpec }).optional(),
	}),
});

/** Where an object wants its pods to be, and how many it wants. */
export interface Placed {
	readonly nodeSelector: Readonly<Record<string, string>>;
	/** Whether no two pods may be on one node. */
	readonly apart: boolean;
	readonly replicas: number | undefined;
}

/** @returns undefined if the object makes no pods */
export function readPlaced(object: Manifest): Placed | undefined {
	const { success, data } = placed.safeParse(object);
	if (!success) return undefined;
	const { replicas, template, ...own } = data.spec;
	const { nodeSelector, affinity } = template?.spec ?? own;
	const apart =
		affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
		[];
	return {
		nodeSelector: Object.fromEntries(
			Object.entries(nodeSelector ?? {}).map(([key, value]) => [
				key,
				String(value),
			]),
		),
		apart: apart.some(
			({ topologyKey }) => topologyKey === "kubernetes.io/hostname",
		),
		replicas: replicas ?? undefined,
	};
}
