import { describe, expect, test } from "vitest";
import {
	describeListed,
	type FoundSeries,
	findMissingSeries,
	minimalSeries,
	type WantedSeries,
} from "./minimal-series.ts";

/** The wanted metrics of one family; there must be one. */
function wantedOf(family: string): WantedSeries {
	const found = minimalSeries.find((each) => each.family === family);
	if (!found) throw new Error(`no family ${family}`);
	return found;
}

function makeFound(
	{ metrics }: Pick<WantedSeries, "metrics">,
	node: string,
	values: readonly string[],
): FoundSeries[] {
	return metrics.flatMap((metric) =>
		values.map((value) => ({ metric, node, value })),
	);
}

/** What is missing, where relabelling hides nothing. */
const find = (
	found: readonly FoundSeries[],
	...more: [nodes: readonly string[], wanted?: readonly WantedSeries[]]
) =>
	findMissingSeries(
		{ found, hidden: [], explain: () => [], listed: () => [] },
		...more,
	);

/** What a node exposes at the least: a container's, and a machine's in a cupboard. */
const healthy: Record<string, Record<string, string[]>> = {
	container: {
		disk: ["vda"],
		network: ["cni0", "eth0", "lo"],
		filesystem: ["ext4", "tmpfs"],
	},
	machine: {
		disk: ["loop0", "nvme0n1", "zram0"],
		network: ["br-1", "enp3s0", "flannel.1", "lo", "wg0"],
		filesystem: ["tmpfs", "vfat", "xfs"],
	},
};

test.each(Object.entries(healthy))("a %s has all that is wanted", (_, has) => {
	const found = minimalSeries.flatMap((each) =>
		makeFound(each, "a", each.all ?? has[each.family] ?? [""]),
	);
	expect(find(found, ["a"])).toEqual([]);
});

describe("what is missing is reported with what is there instead", () => {
	const report = (family: string, values: readonly string[]) => {
		const wanted = wantedOf(family);
		return find(makeFound(wanted, "a", values), ["a"], [wanted]);
	};

	test("a network that is only loopback and the pods' bridge", () => {
		expect(report("network", ["lo", "cni0"])[0]).toMatch(
			/^no network series \(node_network_receive_bytes_total with a device other than lo\|.*; only device cni0, lo is there\) of a, from Node Exporter$/,
		);
	});

	test("disks that are files or memory", () => {
		expect(report("disk", ["loop0", "ram1", "zram0", "sr0"])).toHaveLength(2);
		expect(report("disk", ["mmcblk0"])).toEqual([]);
	});

	test("file systems in memory", () => {
		expect(report("filesystem", ["tmpfs"])).toHaveLength(2);
		expect(report("filesystem", ["zfs"])).toEqual([]);
	});

	test("modes of the CPU", () => {
		expect(report("CPU", ["idle"])).toEqual([
			"no CPU series (node_cpu_seconds_total with mode system, user; only mode idle is there) of a, from Node Exporter",
		]);
	});

	test("everything, and a label without a value", () => {
		expect(report("memory", [])[0]).toBe(
			"no memory series (node_memory_MemTotal_bytes) of a, from Node Exporter",
		);
		expect(report("disk", [])[0]).toMatch("; none is there) of a");
		expect(report("network", [""])).toHaveLength(2);
	});
});

test("nodes that lack the same share a sentence; one that has it is not named", () => {
	const wanted = wantedOf("memory");
	const found = makeFound(wanted, "a", [""]);
	expect(find(found, ["a", "b", "c"], [wanted])).toEqual(
		wanted.metrics.map(
			(metric) => `no memory series (${metric}) of b, c, from Node Exporter`,
		),
	);
});

test("nodes that lack the same for another reason have a sentence of their own", () => {
	const wanted = wantedOf("node");
	const explain = (_: unknown, metric: string, node: string) =>
		node === "b" ? [`it drops ${metric}`, "or not"] : [];
	expect(
		findMissingSeries(
			{ found: [], hidden: ["x"], explain, listed: () => [] },
			["a", "b", "c"],
			[wanted],
		),
	).toEqual([
		"no node series (kube_node_info) of a, c, from kube-state-metrics",
		"no node series (kube_node_info) of b, from kube-state-metrics: it drops kube_node_info; or not",
		"x",
	]);
});

test("a cluster without nodes proves nothing", () => {
	expect(find([], [])).toEqual(["the cluster has no node"]);
});

test("a person may list the disks of other machines; a part of what is listed is not missing on purpose", () => {
	const wanted = wantedOf("disk");
	const lists = (found: readonly FoundSeries[]) => ({
		found,
		hidden: [],
		explain: () => [],
		listed: (_: unknown, node: string) => (node === "a" ? ["--listed"] : []),
	});
	const nothing = lists(makeFound(wanted, "b", ["sda"]));
	expect(findMissingSeries(nothing, ["a", "b"], [wanted])).toEqual([]);
	expect(describeListed(nothing, ["a", "b"], [wanted])).toEqual([
		"no disk series of a: Node Exporter only reports what is listed by --listed, which other machines of a homelab have",
	]);
	const [reads = ""] = wanted.metrics;
	const part = lists([{ metric: reads, node: "a", value: "sda" }]);
	expect(findMissingSeries(part, ["a"], [wanted])).toHaveLength(1);
	expect(describeListed(part, ["a"], [wanted])).toEqual([]);
	expect(findMissingSeries(nothing, ["c"], [wanted])).toHaveLength(2);
});
