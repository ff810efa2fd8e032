import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { whyLost } from "../scraping/losing-step.ts";
import type { MachineSeries } from "./machine-series.ts";
import { listNarrowingFlags } from "./node-exporter-flags.ts";
import { explainState } from "./state/explain-state.ts";
import type { StateSource } from "./state/state-source.ts";

/** A target of Node Exporter, with its arguments. */
export interface NodeExporter
	extends Pick<ActiveTarget, "labels" | "scrapePool"> {
	readonly node: string;
	readonly args: readonly string[];
}

/** Where the series of nodes come from. */
export interface SeriesSources {
	readonly exporters: readonly NodeExporter[];
	readonly state: StateSource;
	readonly configs: readonly ScrapeConfig[];
}

/** Series that are missing of a node. */
export interface MissingSeries
	extends Pick<MachineSeries, "family" | "machines"> {
	readonly component: "Node Exporter" | "kube-state-metrics";
	readonly label?: string | undefined;
	/** The label's values that must all be there. */
	readonly all?: readonly string[] | undefined;
}

/** Why a metric's series may be missing of a node, as clauses: the relabelling that drops them, or else the arguments. */
export function explainMissingSeries(
	{ exporters, state, configs }: SeriesSources,
	{ component, family, label = "", all, machines = [] }: MissingSeries,
	metric: string,
	node: string,
): string[] {
	const examples = all?.map((value) => ({ [label]: value })) ?? machines.flat();
	const series = (examples.length > 0 ? examples : [{}]).map((own) => ({
		...own,
		__name__: metric,
	}));
	if (component === "kube-state-metrics")
		return explainState(
			state,
			series.map((own) => ({ ...own, node })),
		);
	const there = exporters.filter((each) => each.node === node);
	if (there.length === 0)
		return ["Prometheus has no series of a Node Exporter there"];
	const lost = there.flatMap(({ labels, scrapePool }) =>
		series.flatMap(
			(own) => whyLost(scrapePool, configs, { ...labels, ...own }, own) ?? [],
		),
	);
	const flags = there.flatMap(({ args }) => listNarrowingFlags(family, args));
	return lost.length > 0
		? [...new Set(lost)]
		: [...new Set(flags)].map((flag) => `Node Exporter has ${flag}`);
}
