import { pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { GoRegex } from "../common/go-regex.ts";
import type { MachineSeries } from "./machine-series.ts";

/**
 * Flags that leave out what a label names, by family; older names of a flag come after today's. A flag that lists what is
 * wanted is not among them: it may name the only device of a machine.
 */
const flags = [
	{
		family: "disk",
		label: "device",
		names: ["diskstats.device-exclude", "diskstats.ignored-devices"],
	},
	{
		family: "network",
		label: "device",
		names: ["netdev.device-exclude", "netdev.device-blacklist"],
	},
	{
		family: "filesystem",
		label: "mountpoint",
		names: [
			"filesystem.mount-points-exclude",
			"filesystem.ignored-mount-points",
		],
	},
	{
		family: "filesystem",
		label: "fstype",
		names: ["filesystem.fs-types-exclude", "filesystem.ignored-fs-types"],
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
	return flags.flatMap(({ family, label, names }) => {
		const flag = findFlag(args, names);
		const values = wanted
			.filter((each) => each.family === family)
			.flatMap(({ machines = [] }) => machines)
			.flatMap((machine) => machine[label] ?? []);
		if (!flag || values.length === 0) return [];
		// Node Exporter does not anchor it.
		const excluded = new GoRegex(flag.value);
		return values.every((value) => excluded.test(value))
			? [
					`no ${family} series with ${label} ${[...new Set(values)].join(" or ")} of a homelab's machines is exposed: Node Exporter has ${flag.text}`,
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
