import { set } from "es-toolkit/compat";
import { parseQuantity } from "../../../common/sizes.ts";
import type { ValuesFile } from "../values-file.ts";
import type { Addition } from "./addition.ts";
import { lastSaid } from "./last-said.ts";
import { readValues } from "./read-values.ts";

/** What pods can be given: cores, and bytes. */
export interface Room {
	readonly cpu: number;
	readonly memory: number;
}
/** What each tier's node has, without its system. */
export type RoomOfTiers = Readonly<Record<"small" | "medium" | "large", Room>>;

/**
 * The containers of the stack, with the share of its tier's node that each may ask for: two replicas of everything, two
 * sidecars of Grafana and the addons find room together. Node Exporter has to find it on the smallest node.
 */
const containers: readonly (readonly [
	path: readonly string[],
	tier: keyof RoomOfTiers,
	share: number,
])[] = [
	[["prometheus", "prometheusSpec"], "large", 0.35],
	[["prometheus", "prometheusSpec", "thanos"], "large", 0.08],
	[["alertmanager", "alertmanagerSpec"], "medium", 0.1],
	[["grafana"], "medium", 0.15],
	[["grafana", "sidecar"], "medium", 0.05],
	[["prometheusOperator"], "medium", 0.1],
	[["prometheusOperator", "prometheusConfigReloader"], "medium", 0.03],
	[["kube-state-metrics"], "medium", 0.1],
	[["prometheus-node-exporter"], "small", 0.15],
];

/**
 * Lowers what the stack's pods request of a node to what the test's nodes have room for, where it is more: a homelab's
 * machines are larger, and pods would wait for them for ever. Limits stay as they are.
 *
 * @param layers contents of values files, in their order
 * @returns undefined if there is room for everything
 */
export function lowerRequests(
	layers: readonly string[],
	room: RoomOfTiers,
): Addition | undefined {
	const values = layers.map(readValues);
	const content = {};
	const changed: string[] = [];
	for (const [of, tier, share] of containers) {
		for (const resource of ["cpu", "memory"] as const) {
			const at = (kind: "requests" | "limits") => [
				...of,
				"resources",
				kind,
				resource,
			];
			// A container that has only a limit requests as much.
			const said =
				lastSaid(values, ...at("requests")) ??
				lastSaid(values, ...at("limits"));
			const most = room[tier][resource] * share;
			if (!isMore(said, most)) continue;
			const path = at("requests");
			const value = write[resource](most);
			set(content, path, value);
			changed.push(`${path.join(".")}=${value}, not ${String(said)}`);
		}
	}
	if (changed.length === 0) return undefined;
	return {
		content: JSON.stringify(content),
		changed,
		reason: "That is this pod's share of the test's node.",
	};
}

const write: Readonly<Record<keyof Room, (amount: number) => string>> = {
	cpu: (cores) => `${Math.floor(cores * 1000)}m`,
	memory: (bytes) => `${Math.floor(bytes / 2 ** 20)}Mi`,
};

/** What is no quantity is Kubernetes' to refuse. */
function isMore(said: unknown, most: number): boolean {
	if (typeof said !== "string" && typeof said !== "number") return false;
	try {
		return parseQuantity(String(said)) > most;
	} catch {
		return false;
	}
}

/** Says what of values is lowered, a sentence of the report for each. */
export function describeLowered(
	values: readonly ValuesFile[],
	room: RoomOfTiers,
): string[] {
	const contents = values
		.filter(({ forTest }) => forTest !== "override")
		.map(({ content }) => content);
	const { changed = [], reason } = lowerRequests(contents, room) ?? {};
	return changed.map((each) => `${each}: ${reason}`);
}
