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

/**
 * A sentence for each flag with which Node Exporter exposes nothing of some kind of a homelab's disks, devices or file
 * systems, such as no root file system.
 *
 * @param args of Node Exporter
 */
export function findHidingFlags(
	wanted: readonly MachineSeries[],
	args: readonly string[],
): string[] {
	return flags.flatMap(({ family, label, names }) => {
		const flag = findFlag(args, names);
		if (!flag) return [];
		// Node Exporter does not anchor it.
		const excluded = new GoRegex(flag.value);
		return wanted
			.filter((each) => each.family === family)
			.flatMap(({ machines = [] }) => machines)
			.map((alike) => [
				...new Set(alike.flatMap((machine) => machine[label] ?? [])),
			])
			.filter(
				(values) =>
					values.length > 0 && values.every((value) => excluded.test(value)),
			)
			.map(
				(values) =>
					`no ${family} series with ${label} ${values.join(" or ")} of a homelab's machines is exposed: Node Exporter has ${flag.text}`,
			);
	});
}

/** Node Exporter's collectors of each family. */
const collectors: Readonly<Record<string, string>> = {
	CPU: "cpu",
	memory: "meminfo",
	disk: "diskstats",
	network: "netdev",
	filesystem: "filesystem",
};

/** The arguments with which Node Exporter may expose less of a family, or nothing. */
export function listNarrowingFlags(
	family: string,
	args: readonly string[],
): string[] {
	const collector = collectors[family];
	const without = new RegExp(`^--?no-collector\\.${collector}$`);
	const alone = new RegExp(`^--?collector\\.${collector}$`);
	const filter = new RegExp(
		`^--?collector\\.${collector}\\..*(include|exclude|ignored|list).*=.`,
	);
	const ofAll = /^--?collector\.disable-defaults$/;
	const isOff = !args.some((each) => alone.test(each));
	return args.filter(
		(each) =>
			without.test(each) || filter.test(each) || (isOff && ofAll.test(each)),
	);
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
