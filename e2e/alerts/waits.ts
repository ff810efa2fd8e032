import type { AlertmanagerConfig } from "./loaded-config.ts";
import { makeRouteTree, routesOf } from "./route-tree.ts";

/** The longest times, in milliseconds, that any group waits before it sends what is new. */
export interface LongestWaits {
	/** Before the first notification of a group. */
	readonly firing: number;
	/** Before the next one, for example about a resolve. */
	readonly resolved: number;
}

/** What tests plant, and what the chart fires by itself. Routes for other alerts, such as a digest of a day, are not waited for. */
const waitedFor = [
	{ alertname: "AnyAlert", severity: "critical" },
	{ alertname: "AnyAlert", severity: "warning" },
	{ alertname: "InfoInhibitor", severity: "none" },
	{ alertname: "Watchdog", severity: "none" },
] as const;

export function longestWaits(config: AlertmanagerConfig): LongestWaits {
	const tree = makeRouteTree(config);
	const taken = waitedFor.flatMap((alert) =>
		routesOf(tree, { ...alert, namespace: "any-namespace" }),
	);
	const wait = Math.max(...taken.map(({ groupWait }) => groupWait));
	const interval = Math.max(...taken.map(({ groupInterval }) => groupInterval));
	// A group that was there before sends what is new after its interval, a new one after its wait.
	return { firing: wait, resolved: Math.max(wait, interval) };
}
