import { distance } from "fastest-levenshtein";
import { formatDuration, parseDuration } from "../common/duration.ts";
import {
	type RelabelStep,
	relabelWith,
} from "../common/relabelling/relabel.ts";
import { destinationOf, destinationsOf, placesOf } from "./destinations.ts";
import type { AlertmanagerConfig } from "./loaded-config.ts";
import type { AlertLabels } from "./matchers.ts";
import {
	describeChange,
	describeDrop,
} from "./relabelling/alert-relabelling.ts";
import { getsDefaultNamespace } from "./relabelling/default-namespace.ts";
import { nameRoute, routesOf, type TreeRoute } from "./route-tree.ts";

/** "Critical repeats every 1 hour, warning repeats every 6 hours." */
export const promisedRepeats: Readonly<Record<string, string>> = {
	critical: "1h",
	warning: "6h",
};

/** How much later than promised a message may be repeated: intervals of groups need not divide an hour. */
const mostLate = 1.2;

/** What decides where an alert goes, as Prometheus and Alertmanager have loaded it. */
export interface AlertPath {
	readonly config: AlertmanagerConfig;
	/** One list for each Alertmanager that Prometheus sends alerts to. */
	readonly relabelling: readonly (readonly RelabelStep[])[];
	/** What Prometheus adds to each alert. */
	readonly externalLabels: AlertLabels;
	/** The labels of the loaded alert rules, `alertname` included; of templates, what is written out as a severity alone. */
	readonly rules: readonly AlertLabels[];
	/** Milliseconds. How long Alertmanager remembers what it has sent. */
	readonly retention: number;
}

interface Routing extends Pick<AlertPath, "config" | "retention"> {
	readonly tree: TreeRoute;
}

/** Where an alert with these labels does not go as the homelab promises: a sentence each. */
export function judgeAlert(
	labels: AlertLabels,
	steps: readonly RelabelStep[],
	routing: Routing,
): string[] {
	const { alertname = "", severity = "" } = labels;
	const meant = readSeverity(severity);
	const repeats = promisedRepeats[meant];
	const silent = alertname === "InfoInhibitor" || alertname === "Watchdog";
	if (!repeats && !silent) return [];
	const sent = relabelWith(steps, labels);
	if (!sent) {
		if (silent || !repeats) return [];
		return [
			`${severity} alerts are to reach Slack, but Prometheus drops some by alert relabelling (${describeDrop(steps, labels)})`,
		];
	}
	const routes = routesOf(routing.tree, sent);
	if (silent) return judgeSilent(labels, routes, routing);
	const sentAs = sent.severity === meant ? meant : severity;
	const { namespace } = getsDefaultNamespace(labels, sent, steps, routing)
		? sent
		: labels;
	const before = {
		...labels,
		...(namespace !== undefined && { namespace }),
		severity: sentAs,
	};
	return judgePromised(severity, repeats ?? "", routes, {
		...routing,
		changed: describeChange(before, sent),
		because:
			sentAs === meant
				? ""
				: `, because their severity is written ${severity}, not ${meant}`,
	});
}

/** A person means a promised severity, however it is written or misspelt; routes do not. */
function readSeverity(severity: string): string {
	const word = severity.trim().toLowerCase();
	const meant = Object.keys(promisedRepeats).find(
		(each) => word === each.slice(0, 4) || distance(word, each) <= 2,
	);
	return meant ?? severity;
}

/** InfoInhibitor goes to nobody. Watchdog may tell a dead man's switch that alerting works, or a channel of its own. */
function judgeSilent(
	labels: AlertLabels,
	routes: readonly TreeRoute[],
	{ config, tree }: Routing,
): string[] {
	const { alertname } = labels;
	const to = destinationsOf(
		routes.map(({ receiver }) => receiver),
		config,
	);
	const by = routes.map(nameRoute).join(" and ");
	if (alertname === "Watchdog") {
		const ofOthers = Object.keys(promisedRepeats)
			.flatMap((severity) =>
				routesOf(tree, { ...labels, alertname: "AnyAlert", severity }),
			)
			.flatMap(({ receiver }) => placesOf(config, receiver));
		const own = routes.flatMap(({ receiver }) => placesOf(config, receiver));
		return own.some((place) => ofOthers.includes(place))
			? [
					`Watchdog, which always fires, is not to reach Slack where critical and warning alerts do, but does by ${by}`,
				]
			: [];
	}
	if (/slack/i.test(to))
		return [`${alertname} is not to reach Slack, but does by ${by}`];
	// In a namespace a team may have all alerts sent to a receiver of its own as well.
	return to !== "nobody" && !labels.namespace
		? [`InfoInhibitor is to go to a null receiver, but goes to ${to} by ${by}`]
		: [];
}

function judgePromised(
	severity: string,
	repeats: string,
	routes: readonly TreeRoute[],
	{
		config,
		retention,
		changed,
		because: why,
	}: Routing & { readonly changed: string; readonly because: string },
): string[] {
	const expected = `${severity} alerts are to reach Slack every ${repeats}`;
	const toSlack = routes.filter(({ receiver }) =>
		/slack/i.test(destinationOf(config, receiver)),
	);
	const [route, ...others] = toSlack;
	const because = changed ? `, because alert relabelling ${changed}` : why;
	if (!route) {
		const to = routes
			.map(
				(each) =>
					`${destinationOf(config, each.receiver)} by ${nameRoute(each)}`,
			)
			.join(" and to ");
		return [`${expected}, but some only go to ${to}${because}`];
	}
	const destination = destinationOf(config, route.receiver);
	if (others.length > 0 || destination !== "slack")
		return [
			`${expected} once, but some are sent there more than once: by ${toSlack.map(nameRoute).join(" and by ")}${destination === "slack" ? "" : ` (${destination})`}`,
		];
	const interval = parseDuration(repeats);
	const found = formatDuration(route.repeatInterval);
	// Alertmanager looks whether to repeat at the end of each group_interval.
	const { groupInterval, groupWait } = route;
	const inForce = Math.ceil(interval / groupInterval) * groupInterval;
	return [
		...(changed
			? [
					`alert relabelling of Prometheus ${changed}, by which alerts are routed and inhibited`,
				]
			: []),
		...(route.repeatInterval !== interval
			? [
					`${expected}, but some repeat every ${found} by ${nameRoute(route)}${because}`,
				]
			: []),
		...(route.repeatInterval === interval && inForce > interval * mostLate
			? [
					`${expected}, but some repeat every ${formatDuration(inForce)} by ${nameRoute(route)}: its group_interval is ${formatDuration(groupInterval)}, and only after that Alertmanager looks again`,
				]
			: []),
		...(groupWait > interval
			? [
					`${expected}, but some are sent for the first time after ${formatDuration(groupWait)} by ${nameRoute(route)}: that is its group_wait`,
				]
			: []),
		...(route.muted.length > 0
			? [
					`${expected}, at any time, but ${nameRoute(route)} is muted by time interval ${route.muted.join(" and ")}`,
				]
			: []),
		...(retention < interval
			? [
					`${expected}, but Alertmanager forgets after ${formatDuration(retention)} (--data.retention) what it has sent, and repeats it then`,
				]
			: []),
	];
}
