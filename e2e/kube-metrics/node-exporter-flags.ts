import { pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import type { MachineSeries } from "./machine-series.ts";

/** Flags that leave out what one label names, by family, label and effect; older names of a flag come after today's. */
const flags = [
	{
		family: "disk",
		label: "device",
		exclude: ["diskstats.device-exclude", "diskstats.ignored-devices"],
		include: ["diskstats.device-include"],
	},
	{
		family: "network",
		label: "device",
		exclude: ["netdev.device-exclude", "netdev.device-blacklist"],
		include: ["netdev.device-include", "netdev.device-whitelist"],
	},
	{
		family: "filesystem",
		label: "mountpoint",
		exclude: [
			"filesystem.mount-points-exclude",
			"filesystem.ignored-mount-points",
		],
		include: ["filesystem.mount-points-include"],
	},
	{
		family: "filesystem",
		label: "fstype",
		exclude: ["filesystem.fs-types-exclude", "filesystem.ignored-fs-types"],
		include: ["filesystem.fs-types-include"],
	},
] as const;

/** The same for the pods of Node Exporter's targets. */
export async function findHiddenByFlags(
	kube: KubeClient,
	targets: readonly Pick<ActiveTarget, "discoveredLabels">[],
	wanted: readonly MachineSeries[],
): Promise<string[]> {
	const found = await Promise.all(
		targets.map(async ({ discoveredLabels: labels }) => {
			const { spec } = await kube.get(
				{
					apiVersion: "v1",
					kind: "Pod",
					namespace: labels.__meta_kubernetes_namespace ?? "",
					name: labels.__meta_kubernetes_pod_name ?? "",
				},
				pod,
			);
			const args = spec.containers.flatMap((container) => container.args);
			return findHidingFlags(wanted, args);
		}),
	);
	return [...new Set(found.flat())];
}

/**
 * A sentence for each flag with which Node Exporter exposes nothing of a homelab's machines in some family, such as no root
 * file system.
 *
 * @param args of Node Exporter
 */
export function findHidingFlags(
	wanted: readonly MachineSeries[],
	args: readonly string[],
): string[] {
	return flags.flatMap(({ family, label, exclude, include }) => {
		const values = wanted
			.filter((each) => each.family === family)
			.flatMap(({ machines = [] }) => machines)
			.flatMap((machine) => machine[label] ?? []);
		const [excluded, included] = [exclude, include].map((names) =>
			findFlag(args, names),
		);
		// Node Exporter anchors neither.
		const isLeftOut = (value: string) =>
			(excluded !== undefined && new RegExp(excluded.value).test(value)) ||
			(included !== undefined && !new RegExp(included.value).test(value));
		return values.length > 0 && values.every(isLeftOut)
			? [
					`no ${family} series with ${label} ${[...new Set(values)].join(" or ")} of a homelab's machines is exposed: Node Exporter has ${[excluded, included].flatMap((flag) => flag?.text ?? []).join(" and ")}`,
				]
			: [];
	});
}

interface Flag {
	readonly text: string;
	/** A regular expression. */
	readonly value: string;
}

/** An empty value is no filter. */
function findFlag(
	args: readonly string[],
	names: readonly string[],
): Flag | undefined {
	const found = args.flatMap((text) => {
		const [, name = "", value = ""] =
			/^--?collector\.([^=]+)=(.+)$/s.exec(text) ?? [];
		return names.includes(name) ? [{ text, value }] : [];
	});
	return found.at(-1);
}
