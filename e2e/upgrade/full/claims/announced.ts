import { flatten, type Reason, type ReasonId } from "../../reasons.ts";

/** The monitor that a scrape pool belongs to: serviceMonitor/<namespace>/<name>/<endpoint>. */
export function monitorOf(pool: string): string {
	return pool.split("/")[2] ?? pool;
}

/** What reading the charts must have said for the loss of a kind of thing to be expected. */
export const lossOfTargets: readonly ReasonId[] = [
	"monitor-gone",
	"monitor-renamed",
	"monitor-unselected",
	"workload-gone",
	"service-gone",
];
export const lossOfRules: readonly ReasonId[] = [
	"alert-gone",
	"alert-renamed",
	"recording-gone",
	"rules-unselected",
];
export const lossOfDashboards: readonly ReasonId[] = [
	"dashboard-gone",
	"dashboard-renamed",
];

/** Whether reading the charts announced that a dashboard goes or gets another title. */
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

/** Whether reading the charts announced that something of this name goes. */
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
