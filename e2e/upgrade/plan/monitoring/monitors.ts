import { cloneDeepWith, isEqual, omit, uniq } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { type Difference, differencesOf } from "../charts/differences.ts";
import { asObject, at, show } from "../charts/fields.ts";
import { monitorKinds } from "../charts/operator-kinds.ts";
import { pairByKey, takeRenamed } from "../charts/pairs.ts";
import {
	type Renaming,
	renameWithin,
	renamingOf,
	takeRenamedTogether,
} from "../charts/renaming.ts";
import { reportDifferences } from "../charts/report-differences.ts";
import { objectKey, objectsOf, type Side } from "../charts/side.ts";
import { withNamedPorts } from "../targets/endpoint-ports.ts";
import { monitoredTargets, monitorsIn } from "../targets/monitored.ts";
import { isFromOutside } from "../targets/monitored-namespaces.ts";
import { findsSameServices } from "../targets/same-services.ts";
import { isMetricDrop } from "./metric-drops.ts";
import {
	companionsGone,
	companionsUnselected,
	isSelected,
	narrowedSelectors,
	nest,
	selectorFieldOf,
} from "./selectors.ts";
import { areSameProtocols, isSameInterval } from "./usual-intervals.ts";

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
	const renaming = renamingOf(a, b);
	const together = takeRenamedTogether(gone, added, renaming);
	const renamed = [...together, ...takeRenamed(gone, added, essence)];
	const lost = [
		...[...both, ...renamed].map(([, now]) => now).filter(unselected),
		...companionsUnselected(a, b, monitorKinds),
	].map((now) =>
		makeReason(
			"monitor-unselected",
			nameOf(now),
			`${nameOf(now)} exists, but Prometheus' ${selectorFieldOf[now.kind]} does not select it: its targets are lost.`,
			{ evidence: [`labels ${show(now.metadata.labels)}`] },
		),
	);
	const narrowed = narrowedSelectors(a, b, selectedKinds);
	return [
		...nest(narrowed, lost),
		...gone.map((each) => {
			const heirs = heirsOf(each, a, b);
			return heirs.length > 0
				? makeReason(
						"monitor-renamed",
						nameOf(each),
						`${nameOf(each)} is removed, and ${heirs.join(" and ")} scrapes its targets.`,
					)
				: makeReason(
						"monitor-gone",
						nameOf(each),
						`${nameOf(each)} is removed: its targets are no longer scraped.`,
					);
		}),
		...unselectedGone(a, b).map((each) =>
			makeReason(
				"monitor-gone",
				nameOf(each),
				`${nameOf(each)} is removed; Prometheus did not select it.`,
				{
					danger: "note",
					wayOut: "None needed, unless something else selects it.",
				},
			),
		),
		...companionsGone(a, b)
			.filter((each) => !isReplaced(each, a, b))
			.map((each) =>
				makeReason(
					"monitor-gone",
					nameOf(each),
					`${nameOf(each)} beside the release is removed: its targets are no longer scraped.`,
					{
						// It is the person's own, and no value of the chart has to do with it.
						danger: "note",
						wayOut:
							"Give it back, unless nothing asks for its metrics any more.",
					},
				),
			),
		...renamed.map(([old, now]) =>
			makeReason(
				"monitor-renamed",
				nameOf(old),
				`${nameOf(old)} is now ${nameOf(now)}.`,
			),
		),
		...[
			...both,
			...together.map(([old, now]): [Manifest, Manifest] => [
				renaming ? underNewName(old, now, a, b, renaming) : old,
				now,
			]),
		].flatMap(([old, now]) => changed(old, now, a, b)),
	];
}

/** Its selector counts as the same if it finds the same Services, whose labels may have the new name, too. */
function underNewName(
	old: Manifest,
	now: Manifest,
	a: Side,
	b: Side,
	renaming: Renaming,
): Manifest {
	const renamed = renameWithin(old, renaming, now);
	return findsSameServices(old, now, a, b, renaming)
		? {
				...renamed,
				spec: { ...asObject(renamed.spec), selector: at(now, "spec.selector") },
			}
		: renamed;
}

/** Monitors of the chart that Prometheus never read. */
function unselectedGone(a: Side, b: Side): Manifest[] {
	const { gone } = pairByKey(
		objectsOf(a, ...monitorKinds).filter((each) => !isSelected(a, each)),
		objectsOf(b, ...monitorKinds),
		objectKey,
	);
	return gone.filter((each) => !isReplaced(each, a, b));
}

/** Whether another monitor scrapes what one did. */
function isReplaced(monitor: Manifest, a: Side, b: Side): boolean {
	return (
		heirsOf(monitor, a, b).length > 0 ||
		monitorsIn(b).some((each) => essence(each) === essence(monitor))
	);
}

/** The monitors that scrape what another one did; none if any of it is not scraped any more, or is not known. */
function heirsOf(monitor: Manifest, a: Side, b: Side): string[] {
	const own = monitoredTargets(a).filter(
		({ owner }) => owner === nameOf(monitor),
	);
	const found = own.map((old) =>
		monitoredTargets(b).filter(
			(now) => now.scraped === old.scraped && now.path === old.path,
		),
	);
	return found.every((each) => each.length > 0)
		? uniq(found.flat().map(({ owner }) => owner))
		: [];
}

function changed(old: Manifest, now: Manifest, a: Side, b: Side): Reason[] {
	const before = withNamedPorts(old, a, now);
	const after = withNamedPorts(now, b, old);
	const found = differencesOf(withoutDrops(before), withoutDrops(after)).filter(
		(each) =>
			!(isNothing(each.from) && isNothing(each.to)) &&
			!isSameInterval(each, a, b) &&
			!areSameProtocols(each, a, b),
	);
	// The same port under another name only changes the label `endpoint`.
	const renamed = isEqual(before, after)
		? differencesOf(old.spec, now.spec)
		: [];
	// What selects Services that are not in the chart is compared here: their targets cannot be found by reading.
	const isFollowed = !isFromOutside(old);
	return reportDifferences(
		now,
		[...found, ...renamed],
		"monitor-changed",
		(each) =>
			!renamed.includes(each) &&
			(matters(each) || (!isFollowed && isSelector(each))),
		"scrapes differently",
	);
}

/** A further endpoint takes nothing away; targets and their labels have a comparison of their own. */
function matters({ path, from }: Difference): boolean {
	return !(
		(/^\w+\[[^\]]*\]$/.test(path) && from === undefined) ||
		/^(attachMetadata|jobLabel|selector|namespaceSelector)\b|(trackTimestampsStaleness|scrapeTimeout)$/.test(
			path,
		)
	);
}

function isSelector({ path }: Difference): boolean {
	return /^(selector|namespaceSelector)\b/.test(path);
}

function isNothing(value: unknown): boolean {
	return value === undefined || isEqual(value, []);
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
