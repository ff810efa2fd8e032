import { formatDuration, parseDuration } from "../common/duration.ts";
import { findUntried, makeContexts } from "./alert-contexts.ts";
import {
	describeStep,
	type RelabelStep,
	relabelAlert,
} from "./alert-relabelling.ts";
import { destinationOf, destinationsOf } from "./destinations.ts";
import type { AlertmanagerConfig } from "./loaded-config.ts";
import type { AlertLabels } from "./matchers.ts";
import {
	allRoutes,
	makeRouteTree,
	nameRoute,
	routesOf,
	type TreeRoute,
} from "./route-tree.ts";

/** "Critical repeats every 1 hour, warning repeats every 6 hours." */
const promisedRepeats: Readonly<Record<string, string>> = {
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
	/** The labels of the loaded alert rules, `alertname` included; templates are left out. */
	readonly rules: readonly AlertLabels[];
	/** Milliseconds. How long Alertmanager remembers what it has sent. */
	readonly retention: number;
}

/**
 * Sends the labels of each rule through relabelling and routing, alone and with every label that any of them asks for.
 *
 * @returns a sentence for each kind of alert that does not go where the homelab promises
 */
export function findRoutingFlaws(path: AlertPath): string[] {
	const { config, relabelling, externalLabels, retention } = path;
	const tree = makeRouteTree(config);
	if (relabelling.length === 0)
		return [
			"Prometheus has loaded no Alertmanager: expected one, because alerts from Prometheus rules land there",
		];
	const contexts = makeContexts(conditionsOf(tree), relabelling.flat());
	const examples = new Map<string, Set<string>>();
	for (const rule of withPromisedNames(path.rules))
		for (const context of contexts) {
			const labels = { ...context, ...externalLabels, ...rule };
			for (const steps of relabelling)
				for (const flaw of judge(labels, steps, config, tree, retention)) {
					const names = examples.get(flaw) ?? new Set();
					names.add(nameAlert(rule, context));
					examples.set(flaw, names);
				}
		}
	return [...examples].map(([flaw, names]) => {
		const [first] = names;
		return `${flaw}; ${names.size === 1 ? "" : `${names.size} cases, `}such as ${first}`;
	});
}

/** What routes and relabelling decide by and could not be tried: a sentence each. */
export function findUntriedRoutes({
	config,
	relabelling,
}: Pick<AlertPath, "config" | "relabelling">): string[] {
	return findUntried(conditionsOf(makeRouteTree(config)), relabelling.flat());
}

function conditionsOf(tree: TreeRoute) {
	return allRoutes(tree).map(({ matchers }) => matchers);
}

/** Each severity, and what the chart's own two alerts are named, whether a rule is loaded or not. */
function withPromisedNames(rules: readonly AlertLabels[]): AlertLabels[] {
	return [
		...Object.keys(promisedRepeats).map((severity) => ({
			alertname: "AnyAlert",
			severity,
		})),
		{ alertname: "InfoInhibitor", severity: "none" },
		{ alertname: "Watchdog", severity: "none" },
		...rules,
	];
}

function judge(
	labels: AlertLabels,
	steps: readonly RelabelStep[],
	config: AlertmanagerConfig,
	tree: TreeRoute,
	retention: number,
): string[] {
	const { alertname = "", severity = "" } = labels;
	const repeats = promisedRepeats[severity];
	const silent = alertname === "InfoInhibitor" || alertname === "Watchdog";
	if (!repeats && !silent) return [];
	const sent = relabelAlert(steps, labels);
	if (!sent) {
		if (silent || !repeats) return [];
		const at = steps.findIndex(
			(_, i) => relabelAlert(steps.slice(0, i + 1), labels) === undefined,
		);
		const step = steps[at];
		return [
			`${severity} alerts are to reach Slack, but Prometheus drops some by alert relabelling (${step ? describeStep(step) : ""})`,
		];
	}
	const routes = routesOf(tree, sent);
	if (silent) return judgeSilent(alertname, labels, routes, config);
	return judgePromised(severity, repeats ?? "", routes, {
		config,
		retention,
		changed: describeChange(labels, sent),
	});
}

/** InfoInhibitor goes to nobody. Watchdog may tell a dead man's switch that alerting works. */
function judgeSilent(
	alertname: string,
	labels: AlertLabels,
	routes: readonly TreeRoute[],
	config: AlertmanagerConfig,
): string[] {
	const to = destinationsOf(
		routes.map(({ receiver }) => receiver),
		config,
	);
	const by = routes.map(nameRoute).join(" and ");
	if (/slack/i.test(to))
		return [`${alertname} is not to reach Slack, but does by ${by}`];
	// In a namespace a team may have all alerts sent to a receiver of its own as well.
	return alertname === "InfoInhibitor" && to !== "nobody" && !labels.namespace
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
	}: Pick<AlertPath, "config" | "retention"> & { readonly changed: string },
): string[] {
	const expected = `${severity} alerts are to reach Slack every ${repeats}`;
	const toSlack = routes.filter(({ receiver }) =>
		/slack/i.test(destinationOf(config, receiver)),
	);
	const [route, ...others] = toSlack;
	const because = changed && `, because alert relabelling ${changed}`;
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

/** What relabelling does to the labels that the promises are about; empty if nothing. */
function describeChange(labels: AlertLabels, sent: AlertLabels): string {
	return ["alertname", "severity", "namespace"]
		.filter((name) => labels[name] !== sent[name])
		.map((name) =>
			sent[name] === undefined
				? `removes label ${name}`
				: labels[name] === undefined
					? `sets label ${name} to ${sent[name]}`
					: `changes label ${name} to ${sent[name]}`,
		)
		.join(" and ");
}

function nameAlert(rule: AlertLabels, context: AlertLabels): string {
	const labels = Object.entries(context).map(
		([name, value]) => `${name}="${value}"`,
	);
	return `${rule.alertname} (${[rule.severity, ...labels].join(", ")})`;
}
