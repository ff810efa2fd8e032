import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { tierLabel } from "../../cluster/tiers.ts";

const nodeTerm = z.looseObject({
	matchExpressions: z
		.array(
			z.looseObject({
				key: z.string(),
				operator: z.string(),
				values: z.array(z.union([z.string(), z.number()])).nullish(),
			}),
		)
		.nullish(),
});

const podSpec = z.looseObject({
	/** Objects of other programs may have a selector of nodes that has another form. */
	nodeSelector: z
		.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
		.nullish()
		.catch(undefined),
	affinity: z
		.looseObject({
			nodeAffinity: z
				.looseObject({
					requiredDuringSchedulingIgnoredDuringExecution: z
						.looseObject({ nodeSelectorTerms: z.array(nodeTerm).nullish() })
						.nullish(),
				})
				.nullish()
				.catch(undefined),
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
	topologySpreadConstraints: z
		.array(
			z.looseObject({
				topologyKey: z.string(),
				whenUnsatisfiable: z.string(),
			}),
		)
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
	/** The tier that it names, or the first of several. */
	readonly tier: string | undefined;
	/** What it wants of a node's labels, by a nodeSelector or a required affinity; of several values, any. None: whatever it is. */
	readonly wanted: Readonly<Record<string, readonly string[]>>;
	/** The labels that tell apart what its pods must be spread over: a node without them gets none. */
	readonly spreadOver: readonly string[];
	/** Whether no two pods may be on one node. */
	readonly apart: boolean;
	readonly replicas: number | undefined;
}

/** @returns undefined if the object makes no pods */
export function readPlaced(object: Manifest): Placed | undefined {
	const { success, data } = placed.safeParse(object);
	if (!success) return undefined;
	const { replicas, template, ...own } = data.spec;
	const spec = template?.spec ?? own;
	const { nodeSelector, affinity, topologySpreadConstraints } = spec;
	const selected = Object.entries(nodeSelector ?? {}).map(
		([key, value]): Wanted => [key, [String(value)]],
	);
	const apart =
		affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
		[];
	const wanted = Object.fromEntries([...wantedByAffinity(spec), ...selected]);
	return {
		tier: wanted[tierLabel]?.[0],
		wanted,
		spreadOver: (topologySpreadConstraints ?? [])
			.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
			.map(({ topologyKey }) => topologyKey),
		apart: apart.some(
			({ topologyKey }) => topologyKey === "kubernetes.io/hostname",
		),
		replicas: replicas ?? undefined,
	};
}

type Wanted = readonly [key: string, values: readonly string[]];

/** The first of a required affinity's terms is enough: any one of them has to be met. */
function wantedByAffinity({ affinity }: z.infer<typeof podSpec>): Wanted[] {
	const required =
		affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	const [term] = required?.nodeSelectorTerms ?? [];
	return (term?.matchExpressions ?? []).flatMap(
		({ key, operator, values }): Wanted[] => {
			if (operator === "Exists") return [[key, []]];
			const any = (values ?? []).map(String);
			return operator === "In" && any.length > 0 ? [[key, any]] : [];
		},
	);
}
