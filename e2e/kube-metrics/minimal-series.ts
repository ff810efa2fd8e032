import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { findDroppedOfMachines } from "./machine-series.ts";
import { findHiddenByFlags } from "./node-exporter-flags.ts";
import {
	findAlikeNodes,
	listNodeExporters,
	mapNodeExporters,
	type NodeOf,
} from "./node-series.ts";

const wantedSeries = z
	.strictObject({
		component: z.enum(["Node Exporter", "kube-state-metrics"]),
		/** What a person calls it. */
		family: z.string(),
		metrics: z.array(z.string()).min(1),
		/** Without it any series counts. */
		label: z.string().optional(),
		/** The label's values that must all be there. */
		all: z.array(z.string()).min(1).optional(),
		/** A regular expression for whole values that do not count; one other must be there. */
		except: z.string().optional(),
		/** Labels of series that some machine of a homelab has. */
		machines: z.array(z.record(z.string(), z.string())).min(1).optional(),
	})
	.refine(
		({ label, all, except }) =>
			label ? (all === undefined) !== (except === undefined) : !all && !except,
		"a label needs either `all` or `except`",
	);
export type WantedSeries = z.infer<typeof wantedSeries>;

/** The series that Prometheus must have of each node. */
export const minimalSeries: readonly WantedSeries[] = z
	.array(wantedSeries)
	.min(1)
	.parse(
		parse(
			readFileSync(new URL("minimal-series.yaml", import.meta.url), "utf8"),
		),
	);

/** A series that Prometheus has: of which node, and with which value of the wanted label. */
export interface FoundSeries {
	readonly metric: string;
	/** Undefined if it belongs to no known node. */
	readonly node: string | undefined;
	/** Empty if no label is wanted. */
	readonly value: string;
}

/** What Prometheus has of the wanted series, and what it would not have of a homelab's machines. */
export interface ReadSeries {
	readonly found: readonly FoundSeries[];
	/** A sentence for each metric whose series the settings make alike, or of which they leave none of a machine. */
	readonly hidden: readonly string[];
}

/**
 * The wanted series that Prometheus has, one for each node and value of the label.
 *
 * @param since milliseconds: only newer samples count, because a series can be queried until its target's next scrape
 */
export async function readMinimalSeries(
	prometheus: PrometheusClient,
	since: number,
	kube: KubeClient,
): Promise<ReadSeries> {
	const nodeOfExporter = await mapNodeExporters(prometheus);
	const nodeOfState = (): NodeOf => (series) => series.metric.node;
	const found = await Promise.all(
		minimalSeries.flatMap(({ component, metrics, label = "" }) => {
			const [by, nodeOfSeries] =
				component === "Node Exporter"
					? ["job, instance", nodeOfExporter]
					: ["node", nodeOfState];
			return metrics.map(async (metric): Promise<FoundSeries[]> => {
				const nodeOf = nodeOfSeries(metric);
				const groups = await prometheus.query(
					`group by (${label ? `${by}, ${label}` : by}) (timestamp(${metric}) > ${since / 1000})`,
				);
				return groups.map((each) => ({
					metric,
					node: nodeOf(each),
					value: each.metric[label] ?? "",
				}));
			});
		}),
	);
	return { found: found.flat(), hidden: await findHidden(prometheus, kube) };
}

/** A node that is a container lacks some series of a machine, so what would become of those is read from the settings. */
async function findHidden(
	prometheus: PrometheusClient,
	kube: KubeClient,
): Promise<string[]> {
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	const exporters = await listNodeExporters(prometheus, active);
	return [
		...findAlikeNodes(
			exporters,
			minimalSeries
				.filter(({ component }) => component === "Node Exporter")
				.flatMap(({ metrics }) => metrics),
			scrape_configs,
		),
		...findDroppedOfMachines(minimalSeries, exporters, scrape_configs),
		...(await findHiddenByFlags(kube, exporters, minimalSeries)),
	];
}

/**
 * A sentence for each metric and node without the wanted series; nodes that lack the same, and have the same instead,
 * share one.
 *
 * @param nodes names of all nodes of the cluster
 */
export function findMissingSeries(
	{ found, hidden }: ReadSeries,
	nodes: readonly string[],
	wanted: readonly WantedSeries[] = minimalSeries,
): string[] {
	if (nodes.length === 0) return ["the cluster has no node"];
	const missing = wanted.flatMap((each) =>
		each.metrics.flatMap((metric) => {
			const byReason = new Map<string, string[]>();
			for (const node of nodes) {
				const values = found
					.filter((one) => one.metric === metric && one.node === node)
					.map(({ value }) => value);
				const reason = whyMissing(each, values);
				if (reason)
					byReason.set(reason, [...(byReason.get(reason) ?? []), node]);
			}
			return [...byReason].map(
				([reason, without]) =>
					`no ${each.family} series (${metric}${reason} of ${without.join(", ")}, from ${each.component}`,
			);
		}),
	);
	return [...missing, ...hidden];
}

/** What is wanted and what is there instead, after the metric's name; undefined if nothing is missing. */
function whyMissing(
	{ label, all, except }: WantedSeries,
	values: readonly string[],
): string | undefined {
	if (label === undefined) return values.length > 0 ? undefined : ")";
	const instead =
		values.length > 0
			? `; only ${label} ${values.toSorted().join(", ")} is there)`
			: "; none is there)";
	if (all) {
		const missing = all.filter((value) => !values.includes(value));
		return missing.length > 0
			? ` with ${label} ${missing.join(", ")}${instead}`
			: undefined;
	}
	const ignored = new RegExp(`^(?:${except})$`);
	// A series without the label has an empty value, and names nothing.
	return values.some((value) => value !== "" && !ignored.test(value))
		? undefined
		: ` with a ${label} other than ${except}${instead}`;
}
