import type { ReasonId } from "../../reason-kinds.ts";
import { flatten, type Reason } from "../../reasons.ts";

/** The monitor that a scrape pool belongs to: serviceMonitor/<namespace>/<name>/<endpoint>. */
export function monitorOf(pool: string): string {
	return pool.split("/")[2] ?? pool;
}

/** Reasons by which reading the charts announces a loss: of targets, rules or dashboards. */
export const lossOfTargets: readonly ReasonId[] = [
	"monitor-gone",
	"monitor-renamed",
	"monitor-unselected",
	"monitor-changed",
	"scrape-job-gone",
	"targets-gone",
	"workload-gone",
	"service-gone",
];
export const lossOfRules: readonly ReasonId[] = [
	"alert-gone",
	"alert-renamed",
	"recording-gone",
	"rules-unselected",
	"expression-refused",
];
export const lossOfDashboards: readonly ReasonId[] = [
	"dashboard-gone",
	"dashboard-renamed",
];

/** Whether reading the charts announced that a dashboard is removed, renamed or no longer found. */
export function isTitleAnnounced(
	reasons: readonly Reason[],
	title: string,
): boolean {
	return flatten(reasons).some(
		({ id, subject }) =>
			[...lossOfDashboards, "dashboard-unlabelled"].includes(id) &&
			subject === title,
	);
}

/** Whether reading the charts announced a loss, of whatever. */
export function announces(
	reasons: readonly Reason[],
	wanted: ReasonId,
): boolean {
	return flatten(reasons).some(({ id }) => id === wanted);
}

/** Whether reading the charts announced, by one of these reasons, the loss of something with this name. */
export function isAnnounced(
	reasons: readonly Reason[],
	ids: readonly ReasonId[],
	name: string,
): boolean {
	const wanted = new Set<string>(ids);
	return flatten(reasons).some(
		({ id, subject, evidence }) =>
			wanted.has(id) &&
			[subject, ...evidence].some((text) =>
				text.split(/[\s/]+/).includes(name),
			),
	);
}
