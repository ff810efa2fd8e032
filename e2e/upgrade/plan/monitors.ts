import { cloneDeepWith, isEqual, omit } from "es-toolkit";
import diff from "microdiff";
import { type Manifest, nameOf } from "../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../clients/label-selector.ts";
import { makeReason, type Reason } from "../reasons.ts";
import { asObject, at, isMetricDrop, show, withoutVersions } from "./normal.ts";
import {
	objectKey,
	objectsOf,
	pair,
	pairByKey,
	type Side,
	takeRenamed,
} from "./side.ts";

/** The field of Prometheus' spec that selects objects of a kind. */
const selectorOf: Readonly<Record<string, string>> = {
	ServiceMonitor: "serviceMonitorSelector",
	PodMonitor: "podMonitorSelector",
	Probe: "probeSelector",
	ScrapeConfig: "scrapeConfigSelector",
	PrometheusRule: "ruleSelector",
	AlertmanagerConfig: "alertmanagerConfigSelector",
};
const monitorKinds = ["ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig"];
/** What a narrowed selector of theirs loses is told here; rules have a comparison of their own. */
const selectedKinds = [...monitorKinds, "AlertmanagerConfig"];

/** Fields of Prometheus' spec that this comparison looks at. */
export const selectorFields = Object.values(selectorOf).flatMap((field) => [
	field,
	field.replace("Selector", "NamespaceSelector"),
]);

/** Monitors that go, change, or are no longer selected, and selectors that take less than before. */
export function compareMonitors(a: Side, b: Side): Reason[] {
	const wasSelected = objectsOf(a, ...monitorKinds).filter((each) =>
		isSelected(a, each),
	);
	const { both, gone, added } = pairByKey(
		wasSelected,
		objectsOf(b, ...monitorKinds),
		objectKey,
	);
	const unselected = (each: Manifest) => !isSelected(b, each);
	const renamed = takeRenamed(gone, added, essence);
	const lost = [...both, ...renamed].flatMap(([, now]) =>
		unselected(now)
			? [
					makeReason(
						"monitor-unselected",
						nameOf(now),
						`${nameOf(now)} is there, but Prometheus' ${selectorOf[now.kind]} does not take it: its targets are gone.`,
						{ evidence: [`labels ${show(now.metadata.labels)}`] },
					),
				]
			: [],
	);
	const narrowed = narrowedSelectors(a, b);
	return [
		...nest(narrowed, lost),
		...gone.map((each) =>
			makeReason(
				"monitor-gone",
				nameOf(each),
				`${nameOf(each)} is removed, and nothing scrapes its targets.`,
			),
		),
		...renamed.map(([old, now]) =>
			makeReason(
				"monitor-renamed",
				nameOf(old),
				`${nameOf(old)} is now ${nameOf(now)}.`,
			),
		),
		...both.flatMap(([old, now]) => changed(old, now)),
	];
}

/** What a narrowed selector no longer takes follows from it. */
export function nest(causes: Reason[], found: readonly Reason[]): Reason[] {
	const left = [...found];
	for (const cause of causes) {
		const field = cause.subject.split(" ")[1] ?? "";
		const kind = Object.entries(selectorOf).find(([, own]) =>
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

/** Whether a Prometheus of this side takes an object by its labels and its namespace. */
export function isSelected(side: Side, object: Manifest): boolean {
	const field = selectorOf[object.kind] ?? "";
	const selecting = objectsOf(
		side,
		...(object.kind === "PrometheusRule"
			? ["Prometheus", "ThanosRuler"]
			: ["Prometheus", "PrometheusAgent"]),
	);
	// A chart that brings monitors for somebody else's Prometheus.
	if (selecting.length === 0) return true;
	return selecting.some((prometheus) => {
		const own = prometheus.metadata.namespace === object.metadata.namespace;
		const namespaces = at(
			prometheus,
			`spec.${field.replace("Selector", "NamespaceSelector")}`,
		);
		// Without a namespace selector the operator looks in Prometheus' own namespace.
		if (!own && (namespaces === undefined || namespaces === null)) return false;
		const selector = at(prometheus, `spec.${field}`);
		if (selector === undefined || selector === null) return false;
		return selects(labelSelector.parse(selector), object.metadata.labels ?? {});
	});
}

/** Selectors that take less than they did: what comes from outside the chart is no longer seen. */
export function narrowedSelectors(
	a: Side,
	b: Side,
	kinds: readonly string[] = selectedKinds,
): Reason[] {
	const fields = kinds.flatMap((kind) => {
		const field = selectorOf[kind] ?? "";
		return [field, field.replace("Selector", "NamespaceSelector")];
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
			return takesLess(from, to)
				? [
						makeReason(
							"selector-narrowed",
							`${nameOf(now)} ${field}`,
							`${field} took ${describe(from)} and takes ${describe(to)}.`,
						),
					]
				: [];
		}),
	);
}

function takesLess(from: unknown, to: unknown): boolean {
	if (isEqual(from, to) || isNothing(from)) return false;
	if (isNothing(to)) return true;
	const before = labelSelector.parse(from);
	const after = labelSelector.parse(to);
	const demands = ({ matchLabels, matchExpressions }: typeof before) => [
		...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
		...matchExpressions.map((each) => JSON.stringify(each)),
	];
	const old = demands(before);
	return demands(after).some((each) => !old.includes(each));
}

function isNothing(selector: unknown): boolean {
	return selector === undefined || selector === null;
}

function describe(selector: unknown): string {
	if (isNothing(selector)) return "nothing";
	return isEqual(selector, {}) ? "everything" : `only ${show(selector)}`;
}

function changed(old: Manifest, now: Manifest): Reason[] {
	const before = withoutDrops(withoutVersions(old).spec);
	const after = withoutDrops(withoutVersions(now).spec);
	if (isEqual(before, after)) return [];
	const paths = diff(asObject(before), asObject(after));
	const other = paths.filter(
		({ path }) => settingAt(before, path) !== settingAt(after, path),
	);
	if (other.length === 0) return [];
	return [
		makeReason(
			"monitor-changed",
			nameOf(now),
			`${nameOf(now)} scrapes otherwise than before.`,
			{
				evidence: other.map(
					({ path }) =>
						`${path.join(".")}: ${show(at(before, path))} → ${show(at(after, path))}`,
				),
			},
		),
	];
}

/** What the operator takes where an endpoint does not say it: its API reference. */
const endpointDefaults: Readonly<Record<string, unknown>> = {
	honorTimestamps: true,
	honorLabels: false,
	scheme: "http",
	path: "/metrics",
	enableHttp2: true,
	followRedirects: true,
	filterRunning: true,
};

function settingAt(spec: unknown, path: readonly (string | number)[]): unknown {
	const found = at(spec, path);
	const said = Array.isArray(found) && found.length === 0 ? undefined : found;
	return said ?? endpointDefaults[String(path.at(-1))];
}

/** A monitor's spec without relabellings that drop whole metrics: those have a comparison of their own. */
function withoutDrops(spec: unknown): unknown {
	return cloneDeepWith(spec, (value: unknown, key) =>
		key === "metricRelabelings" && Array.isArray(value)
			? value.filter((each) => !isMetricDrop(each))
			: undefined,
	);
}

/** Monitors that scrape the same are the same. */
function essence(object: Manifest): string {
	return (
		object.kind + JSON.stringify(omit(asObject(object.spec), ["jobLabel"]))
	);
}
