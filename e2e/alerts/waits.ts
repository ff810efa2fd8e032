import type { AlertmanagerConfig } from "./loaded-config.ts";
import { makeRouteTree, routesOf, type TreeRoute } from "./route-tree.ts";

/** What tests plant, and what the chart fires by itself. Routes for other alerts, such as a digest of a day, are not waited for. */
const waitedFor = [
	{ alertname: "AnyAlert", severity: "critical" },
	{ alertname: "AnyAlert", severity: "warning" },
	{ alertname: "InfoInhibitor", severity: "none" },
	{ alertname: "Watchdog", severity: "none" },
] as const;

/**
 * The longest time, in milliseconds, before any group sends what is new, be it an alert or an end. A new group waits for
 * its group_wait; one that was there before, for its group_interval: an alert may join either.
 */
export function longestWait(config: AlertmanagerConfig): number {
	const intervals = listTaken(config).map(({ groupInterval }) => groupInterval);
	return Math.max(longestGroupWait(config), ...intervals);
}

/** The longest time, in milliseconds, before any group is sent that none of its alerts was in before. */
export function longestGroupWait(config: AlertmanagerConfig): number {
	return Math.max(...listTaken(config).map(({ groupWait }) => groupWait));
}

function listTaken(config: AlertmanagerConfig): TreeRoute[] {
	const tree = makeRouteTree(config);
	return waitedFor.flatMap((alert) =>
		routesOf(tree, { ...alert, namespace: "any-namespace" }),
	);
}
