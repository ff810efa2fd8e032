import { z } from "zod";
import {
	formatLabels,
	formatSelector,
	type LabelSelector,
	labelSelector,
	selects,
} from "../clients/label-selector.ts";
import { whyUnwatched } from "./operator-watch.ts";

// A selector that is not there selects nothing, an empty one everything.
const selector = labelSelector.unwrap().optional();
/** The part of a Prometheus object that says which objects it takes. */
export const prometheusSelectors = z.looseObject({
	serviceMonitorSelector: selector,
	serviceMonitorNamespaceSelector: selector,
	podMonitorSelector: selector,
	podMonitorNamespaceSelector: selector,
	probeSelector: selector,
	probeNamespaceSelector: selector,
	scrapeConfigSelector: selector,
	scrapeConfigNamespaceSelector: selector,
	ruleSelector: selector,
	ruleNamespaceSelector: selector,
});

/** The kinds that a Prometheus object selects, by the first part of its fields' names. */
const fields = {
	ServiceMonitor: "serviceMonitor",
	PodMonitor: "podMonitor",
	Probe: "probe",
	ScrapeConfig: "scrapeConfig",
	PrometheusRule: "rule",
} as const;
export type SelectedKind = keyof typeof fields;

/** What decides which objects Prometheus takes. */
export interface ObjectSelection {
	readonly spec: z.infer<typeof prometheusSelectors>;
	/** Prometheus' own namespace. */
	readonly namespace: string;
	/** The labels of all namespaces, by their names. */
	readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
	/** The arguments of the operator, which may watch some namespaces only. */
	readonly operatorArgs: readonly string[];
}

/** Why Prometheus does not take an object, as a clause; undefined if it selects it. */
export function whyNotSelected(
	kind: SelectedKind,
	metadata: {
		readonly namespace?: string | undefined;
		readonly labels: Readonly<Record<string, string>>;
	},
	{ spec, namespace: own, namespaces, operatorArgs }: ObjectSelection,
): string | undefined {
	const { namespace = "", labels } = metadata;
	const field = `${fields[kind]}Selector` as const;
	const ofNamespaces = `${fields[kind]}NamespaceSelector` as const;
	const byLabels = spec[field];
	const byNamespace = spec[ofNamespaces];
	const argument = whyUnwatched(operatorArgs, namespace);
	if (argument)
		return `the operator does not watch namespace ${namespace} (${argument})`;
	if (!byLabels) return `Prometheus has no ${field}, so it selects none`;
	if (!selects(byLabels, labels))
		return `Prometheus' ${field} (${describe(byLabels)}) does not select its labels (${formatLabels(labels) || "none"})`;
	if (!byNamespace)
		return namespace === own
			? undefined
			: `Prometheus has no ${ofNamespaces}, so it selects none outside of namespace ${own}`;
	return selects(byNamespace, namespaces.get(namespace) ?? {})
		? undefined
		: `Prometheus' ${ofNamespaces} (${describe(byNamespace)}) does not select namespace ${namespace}`;
}

function describe(selector: LabelSelector): string {
	return formatSelector(selector) || "{}";
}
