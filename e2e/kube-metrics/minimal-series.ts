import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

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
		/** Labels of series that some machine of a homelab has; of each list one must be left. */
		machines: z
			.array(z.array(z.record(z.string(), z.string())).min(1))
			.min(1)
			.optional(),
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
	/** Why a metric's series may be missing of a node, as clauses. */
	readonly explain: (
		wanted: WantedSeries,
		metric: string,
		node: string,
	) => readonly string[];
	/** Why a node may have none of a family, because a person has listed what is wanted of other machines: clauses. */
	readonly listed: (wanted: WantedSeries, node: string) => readonly string[];
}

/**
 * A sentence for each metric and node without the wanted series; nodes that lack the same, and have the same instead,
 * share one.
 *
 * @param nodes names of all nodes of the cluster
 */
export function findMissingSeries(
	{ found, hidden, explain, listed }: ReadSeries,
	nodes: readonly string[],
	wanted: readonly WantedSeries[] = minimalSeries,
): string[] {
	if (nodes.length === 0) return ["the cluster has no node"];
	const missing = wanted.flatMap((each) =>
		each.metrics.flatMap((metric) => {
			const lacking = nodes.flatMap((node) => {
				if (whyOnPurpose(each, node, { found, listed }).length > 0) return [];
				const what = whyMissing(each, valuesOf(found, metric, node));
				const why = what && explain(each, metric, node).join("; ");
				return what ? [{ node, what, why: why ? `: ${why}` : "" }] : [];
			});
			return [
				...Map.groupBy(lacking, ({ what, why }) => what + why).values(),
			].map((alike) => {
				const [{ what = "", why = "" } = {}] = alike;
				const without = alike.map(({ node }) => node).join(", ");
				return `no ${each.family} series (${metric}${what} of ${without}, from ${each.component}${why}`;
			});
		}),
	);
	return [...missing, ...hidden];
}

/** The families of which nodes have nothing, because a person has listed what is wanted of other machines: a sentence each. */
export function describeListed(
	read: Pick<ReadSeries, "found" | "listed">,
	nodes: readonly string[],
	wanted: readonly WantedSeries[] = minimalSeries,
): string[] {
	return wanted.flatMap((each) => {
		const lists = nodes.map((node) => whyOnPurpose(each, node, read));
		const without = nodes.filter((_, i) => lists[i]?.length);
		return without.length > 0
			? [
					`no ${each.family} series of ${without.join(", ")}: Node Exporter only reports what is listed by ${[...new Set(lists.flat())].join(" and ")}, which other machines of a homelab have`,
				]
			: [];
	});
}

/** The lists of what is wanted, by which a node may have nothing of a whole family; none if it has something. */
function whyOnPurpose(
	each: WantedSeries,
	node: string,
	{ found, listed }: Pick<ReadSeries, "found" | "listed">,
): readonly string[] {
	const hasNone = each.metrics.every((metric) =>
		whyMissing(each, valuesOf(found, metric, node)),
	);
	return hasNone ? listed(each, node) : [];
}

function valuesOf(
	found: readonly FoundSeries[],
	metric: string,
	node: string,
): string[] {
	return found
		.filter((one) => one.metric === metric && one.node === node)
		.map(({ value }) => value);
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
