import { cloneDeepWith, isEqual, omit } from "es-toolkit";
import diff from "microdiff";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { asObject, at, show } from "../charts/fields.ts";
import { pairByKey, takeRenamed } from "../charts/pairs.ts";
import { objectKey, objectsOf, type Side } from "../charts/side.ts";
import { withoutVersions } from "../charts/version-labels.ts";
import { isMetricDrop } from "./metric-drops.ts";
import {
	isSelected,
	narrowedSelectors,
	nest,
	selectorFieldOf,
} from "./selectors.ts";

const monitorKinds = ["ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig"];
/** Kinds whose narrowed selectors are reported here; rules have a comparison of their own. */
const selectedKinds = [...monitorKinds, "AlertmanagerConfig"];

/** Monitors that are removed, changed or no longer selected, and selectors that select less than before. */
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
						`${nameOf(now)} exists, but Prometheus' ${selectorFieldOf[now.kind]} does not select it: its targets are lost.`,
						{ evidence: [`labels ${show(now.metadata.labels)}`] },
					),
				]
			: [],
	);
	const narrowed = narrowedSelectors(a, b, selectedKinds);
	return [
		...nest(narrowed, lost),
		...gone.map((each) =>
			makeReason(
				"monitor-gone",
				nameOf(each),
				`${nameOf(each)} is removed: its targets are no longer scraped.`,
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
			`${nameOf(now)} scrapes differently.`,
			{
				evidence: other.map(
					({ path }) =>
						`${path.join(".")}: ${show(at(before, path))} → ${show(at(after, path))}`,
				),
			},
		),
	];
}

/** The operator's defaults for an endpoint, from its API reference. */
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
	const set = Array.isArray(found) && found.length === 0 ? undefined : found;
	return set ?? endpointDefaults[String(path.at(-1))];
}

/** A monitor's spec without relabelings that drop whole metrics: those have a comparison of their own. */
function withoutDrops(spec: unknown): unknown {
	return cloneDeepWith(spec, (value: unknown, key) =>
		key === "metricRelabelings" && Array.isArray(value)
			? value.filter((each) => !isMetricDrop(each))
			: undefined,
	);
}

/** Monitors that scrape the same targets in the same way are the same monitor. */
function essence(object: Manifest): string {
	return (
		object.kind + JSON.stringify(omit(asObject(object.spec), ["jobLabel"]))
	);
}
