import { isEqual } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import {
	type LabelSelector,
	labelSelector,
	selects,
} from "../../../clients/label-selector.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, show } from "../charts/fields.ts";
import { monitorKinds } from "../charts/operator-kinds.ts";
import { pair, pairByKey } from "../charts/pairs.ts";
import {
	companionsOf,
	objectKey,
	objectsOf,
	type Side,
} from "../charts/side.ts";

/** The field of Prometheus' spec that selects objects of a kind. */
export const selectorFieldOf: Readonly<Record<string, string>> = {
	ServiceMonitor: "serviceMonitorSelector",
	PodMonitor: "podMonitorSelector",
	Probe: "probeSelector",
	ScrapeConfig: "scrapeConfigSelector",
	PrometheusRule: "ruleSelector",
	AlertmanagerConfig: "alertmanagerConfigSelector",
};

/** The field that selects the namespaces in which those objects are looked for. */
function namespaceSelector(field: string): string {
	return field.replace("Selector", "NamespaceSelector");
}

/** Every field of Prometheus' spec that selects something. */
export const selectorFields = Object.values(selectorFieldOf).flatMap(
	(field) => [field, namespaceSelector(field)],
);

/** Nests each reason under the narrowed selector that causes it. */
export function nest(causes: Reason[], found: readonly Reason[]): Reason[] {
	const left = [...found];
	for (const cause of causes) {
		const field = cause.subject.split(" ")[1] ?? "";
		const kind = Object.entries(selectorFieldOf).find(([, own]) =>
			field.startsWith(own.replace("Selector", "")),
		)?.[0];
		for (const each of found) {
			const follows =
				each.subject.startsWith(`${kind}/`) && left.includes(each);
			if (!follows) continue;
			cause.consequences.push(each);
			left.splice(left.indexOf(each), 1);
		}
	}
	return [...causes, ...left];
}

/** Whether a Prometheus of this side selects an object by its labels and its namespace. */
export function isSelected(side: Side, object: Manifest): boolean {
	const field = selectorFieldOf[object.kind] ?? "";
	const selecting = objectsOf(
		side,
		...(object.kind === "PrometheusRule"
			? ["Prometheus", "ThanosRuler"]
			: ["Prometheus", "PrometheusAgent"]),
	);
	// Such a chart brings monitors for a Prometheus that something else installs.
	if (selecting.length === 0) return true;
	return selecting.some((prometheus) => {
		const own = prometheus.metadata.namespace === object.metadata.namespace;
		const namespaces = at(prometheus, `spec.${namespaceSelector(field)}`);
		// Without a namespace selector the operator looks only in Prometheus' own namespace.
		if (!own && isAbsent(namespaces)) return false;
		const selector = readSelector(at(prometheus, `spec.${field}`));
		return selector ? selects(selector, object.metadata.labels ?? {}) : false;
	});
}

/** Objects of the person's beside the release that were selected and are not any more. */
export function companionsUnselected(
	a: Side,
	b: Side,
	kinds: readonly string[],
): Manifest[] {
	const own = (side: Side) => companionsOf(side, ...kinds);
	return pairByKey(own(a), own(b), objectKey)
		.both.filter(([old, now]) => isSelected(a, old) && !isSelected(b, now))
		.map(([, now]) => now);
}

/** Monitors of the person's beside the release that were selected and are removed. */
export function companionsGone(a: Side, b: Side): Manifest[] {
	const own = (side: Side) => companionsOf(side, ...monitorKinds);
	const left = new Set([...b.objects, ...own(b)].map(objectKey));
	return own(a).filter(
		(each) => !left.has(objectKey(each)) && isSelected(a, each),
	);
}

/** Selectors of some kinds that select less than before: they may miss what comes from outside the chart. */
export function narrowedSelectors(
	a: Side,
	b: Side,
	kinds: readonly string[],
): Reason[] {
	const fields = kinds.flatMap((kind) => {
		const field = selectorFieldOf[kind] ?? "";
		return [field, namespaceSelector(field)];
	});
	return pair(
		a,
		b,
		"Prometheus",
		"PrometheusAgent",
		"ThanosRuler",
		"Alertmanager",
	).both.flatMap(([old, now]) =>
		fields.flatMap((field) => {
			const from = at(old, `spec.${field}`);
			const to = at(now, `spec.${field}`);
			return selectsLess(from, to)
				? [
						makeReason(
							"selector-narrowed",
							`${nameOf(now)} ${field}`,
							`${field} selected ${describe(from)} and now selects ${describe(to)}.`,
						),
					]
				: [];
		}),
	);
}

function selectsLess(from: unknown, to: unknown): boolean {
	if (isEqual(from, to) || isAbsent(from)) return false;
	if (isAbsent(to)) return true;
	const before = readSelector(from);
	const after = readSelector(to);
	if (!before || !after) return before !== undefined;
	const demands = ({ matchLabels, matchExpressions }: LabelSelector) => [
		...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
		...matchExpressions.map((each) => JSON.stringify(each)),
	];
	const old = demands(before);
	return demands(after).some((each) => !old.includes(each));
}

/** Undefined if there is none, or if the API server refuses it: then it selects nothing. */
function readSelector(value: unknown): LabelSelector | undefined {
	return isAbsent(value) ? undefined : labelSelector.safeParse(value).data;
}

/** An absent selector selects nothing; an empty one selects everything. */
function isAbsent(selector: unknown): boolean {
	return selector === undefined || selector === null;
}

function describe(selector: unknown): string {
	if (isAbsent(selector)) return "nothing";
	return isEqual(selector, {}) ? "everything" : `only ${show(selector)}`;
}
