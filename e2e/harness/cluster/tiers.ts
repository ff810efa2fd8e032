import { mapValues } from "es-toolkit";

/** The tiers, in the order of their allocatable resources, with the share of the machine that each can allocate. */
export const tierShares = { small: 0.3, medium: 0.6, large: 0.95 } as const;

export type Tier = keyof typeof tierShares;
export const allTiers = ["small", "medium", "large"] as const;
export type NodeName = "server" | Tier;

/** What a machine's engine says of it: cores, and bytes. */
interface MachineSize {
	readonly NCPU: number;
	readonly MemTotal: number;
}

/** What each tier's node can allocate to pods, in cores and bytes. */
export function roomOfTiers({ NCPU, MemTotal }: MachineSize) {
	return mapValues(tierShares, (share) => ({
		cpu: NCPU * share,
		memory: MemTotal * share,
	}));
}

/** The label that says a node's tier. */
export const tierLabel = "o11y.ruiz.sh/tier";

/** The labels of nodes beside their tier. */
export type NodeLabels = Readonly<
	Partial<Record<NodeName, Readonly<Record<string, string>>>>
>;

/** A kubelet does not start with labels of Kubernetes' own domains, which only the API server may set. */
export function labelFlags(labels: Readonly<Record<string, string>> = {}) {
	return Object.entries(labels)
		.filter(([key]) => !/(^|\.)(kubernetes|k8s)\.io\//.test(key))
		.map(([key, value]) => `--node-label=${key}=${value}`);
}
