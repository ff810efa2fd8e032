import { GoRegex } from "../../../common/go-regex.ts";
import type { LabelMatcher } from "../../../common/promql/expressions.ts";

/** A pair of flags by which a collector of node-exporter leaves out devices, mount points or units. */
interface Filter {
	readonly collector: string;
	/** The label that has what is left out. */
	readonly label: string;
	/** Flags with a regular expression of what is left out; older versions have other names. */
	readonly excluding: readonly string[];
	/** What is left out if no flag says otherwise. */
	readonly usual?: string;
	/** Flags with a regular expression of what alone is kept. */
	readonly including: readonly string[];
	/** Whether the expression must match as a whole. */
	readonly isWhole?: boolean;
}

const filters: readonly Filter[] = [
	{
		collector: "filesystem",
		label: "mountpoint",
		excluding: ["mount-points-exclude", "ignored-mount-points"],
		usual:
			"^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
		including: ["mount-points-include"],
	},
	{
		collector: "filesystem",
		label: "fstype",
		excluding: ["fs-types-exclude", "ignored-fs-types"],
		usual:
			"^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$",
		including: ["fs-types-include"],
	},
	{
		collector: "diskstats",
		label: "device",
		excluding: ["device-exclude", "ignored-devices"],
		usual: "^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$",
		including: ["device-include"],
	},
	{
		collector: "netdev",
		label: "device",
		excluding: ["device-exclude", "device-blacklist", "ignored-devices"],
		including: ["device-include", "device-whitelist"],
	},
	{
		collector: "netclass",
		label: "device",
		excluding: ["ignored-devices"],
		including: [],
	},
	{
		collector: "hwmon",
		label: "chip",
		excluding: ["chip-exclude"],
		including: ["chip-include"],
	},
	{
		collector: "systemd",
		label: "name",
		excluding: ["unit-exclude", "unit-blacklist"],
		usual: ".+\\.(automount|device|mount|scope|slice)",
		including: ["unit-include", "unit-whitelist"],
		isWhole: true,
	},
];

/** Whether a collector leaves out all that a selector asks for by name, as `{mountpoint="/mnt/data"}`. */
export function isFilteredOut(
	args: readonly string[],
	collector: string,
	matchers: readonly LabelMatcher[],
): boolean {
	const flagOf = (names: readonly string[]) =>
		names
			.map((name) => `--collector.${collector}.${name}=`)
			.flatMap(
				(flag) =>
					args.find((each) => each.startsWith(flag))?.slice(flag.length) ?? [],
			)[0];
	return filters
		.filter((each) => each.collector === collector)
		.some(({ label, excluding, usual, including, isWhole }) => {
			const asked = matchers
				.filter((each) => each.label === label)
				.map(valuesOf)
				.filter((values) => values.length > 0);
			if (asked.length === 0) return false;
			const excluded = readPattern(flagOf(excluding) ?? usual, isWhole);
			const included = readPattern(flagOf(including), isWhole);
			return asked.some((values) =>
				values.every(
					(value) =>
						excluded?.test(value) === true || included?.test(value) === false,
				),
			);
		});
}

/** The values that alone satisfy a matcher; none if that is not known. */
function valuesOf({ operator, value }: LabelMatcher): string[] {
	// Dashboards fill in variables.
	if (value.includes("$")) return [];
	if (operator === "=") return [value];
	const alternatives = value.replace(/^\((.*)\)$/, "$1").split("|");
	return operator === "=~" &&
		alternatives.every((each) => /^[\w/ :@-]+$/.test(each))
		? alternatives
		: [];
}

function readPattern(text: string | undefined, isWhole = false) {
	if (!text) return undefined;
	try {
		return isWhole ? GoRegex.whole(text) : new GoRegex(text);
	} catch {
		return undefined;
	}
}
