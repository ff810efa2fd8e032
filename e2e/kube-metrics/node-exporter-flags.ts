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

/** Flags that list what is wanted of a family, by a label of its series. */
const lists = [
	{ family: "disk", label: "device", name: "diskstats.device-include" },
	{ family: "network", label: "device", name: "netdev.device-include" },
	{
		family: "filesystem",
		label: "mountpoint",
		name: "filesystem.mount-points-include",
	},
	{
		family: "filesystem",
		label: "fstype",
		name: "filesystem.fs-types-include",
	},
] as const;

/**
 * The flags by which Node Exporter only exposes what a person has listed, if that is something of a homelab's machines: a
 * machine of the test may have nothing of it. None if the lists name nothing that a machine has.
 */
export function findListingFlags(
	{ family, machines = [] }: MachineSeries,
	args: readonly string[],
): string[] {
	const given = lists.flatMap(({ name, label, ...each }) => {
		const flag = each.family === family ? findFlag(args, [name]) : undefined;
		return flag
			? [{ label, text: flag.text, wanted: new GoRegex(flag.value) }]
			: [];
	});
	const isLeft = machines
		.flat()
		.some((machine) =>
			given.every(({ label, wanted }) => wanted.test(machine[label] ?? "")),
		);
	return isLeft ? given.map(({ text }) => text) : [];
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
