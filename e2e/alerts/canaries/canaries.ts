import { makeContexts } from "../alert-contexts.ts";
import { promisedRoutes } from "../destinations.ts";
import type { AlertmanagerConfig } from "../loaded-config.ts";
import { type AlertLabels, collectMatchers, matchesAll } from "../matchers.ts";
import {
	labelsOf,
	makeCanary,
	makePlantedAlerts,
	type PlantedAlert,
} from "../planted-alerts.ts";
import {
	makeRouteTree,
	nameRoute,
	routesOf,
	type TreeRoute,
} from "../route-tree.ts";

/** An alert that is only there to see whether a receiver can tell Slack of anything. */
export interface ReceiverCanary {
	readonly receiver: string;
	/** By which it comes to the receiver. */
	readonly route: TreeRoute;
	readonly alert: PlantedAlert;
}

/** What is critical suppresses others, so it comes last. */
const severities = ["warning", "critical"] as const;

/** A claim does not wait for longer, in milliseconds, before a group is sent. */
const mostWait = 5 * 60_000;

/**
 * An alert for each receiver that tells Slack of critical or warning alerts, and to which no planted alert comes, such as
 * one that is for a namespace alone. None suppresses an alert that is not its own.
 *
 * @param alerts the labels of the loaded rules
 * @param token letters and digits, new for each run
 * @returns `untried`: a sentence for each receiver for which there is none
 */
export function planCanaries(
	config: AlertmanagerConfig,
	alerts: readonly AlertLabels[],
	token: string,
): { readonly canaries: ReceiverCanary[]; readonly untried: string[] } {
	const tree = makeRouteTree(config);
	const reached = new Set(
		[...Object.values(makePlantedAlerts(token)), makeCanary(token)]
			.filter(({ severity }) => severity !== "none")
			.flatMap((each) => routesOf(tree, allLabelsOf(each)))
			.map(({ receiver }) => receiver),
	);
	const promised = promisedRoutes(config, alerts);
	const canaries: ReceiverCanary[] = [];
	const untried: string[] = [];
	for (const { name, slack_configs } of config.receivers) {
		const all = promised.filter(({ receiver }) => receiver === name);
		if (slack_configs.length === 0 || reached.has(name) || all.length === 0)
			continue;
		// What is muted now may be in force tomorrow; that it is muted is judged elsewhere.
		const routes = all.filter(
			({ muted, groupWait, groupInterval }) =>
				muted.length === 0 && Math.max(groupWait, groupInterval) <= mostWait,
		);
		const number = canaries.length + 1;
		const found = routes
			.flatMap((route) => candidatesFor(route, alerts, { number, token }))
			.find(
				({ route, alert }) =>
					takes(tree, route, alert) && suppressesNoOther(config, alert, token),
			);
		if (found) canaries.push(found);
		else
			untried.push(
				`not tried: whether receiver ${name} can tell Slack of anything, because ${routes.length === 0 ? "its routes are muted, or wait for long before they send" : `no alert was found that comes there by ${routes.map(nameRoute).join(" or by ")} and suppresses no other`}`,
			);
	}
	return { canaries, untried };
}

/** Alerts that may come by a route, those of no loaded rule first. */
function candidatesFor(
	route: TreeRoute,
	alerts: readonly AlertLabels[],
	{ number, token }: { readonly number: number; readonly token: string },
): ReceiverCanary[] {
	const mark = `mark-canary-${number}-${token}`;
	const own = {
		alertname: `Canary${number}_${token}`,
		namespace: `e2e-canary-${number}-${token}`,
		pod: `${mark}-pod`,
		container: `${mark}-app`,
		instance: `${mark}-instance`,
		job: `${mark}-job`,
		service: `${mark}-service`,
	};
	return severities.flatMap((severity) =>
		[{}, ...alerts.filter((each) => each.severity === severity)].flatMap(
			(rule) =>
				makeContexts([route.matchers], []).map((context) => {
					const { alertname, namespace, ...others }: AlertLabels & typeof own =
						{ ...own, ...rule, ...context };
					const { severity: _, ...source } = others;
					const alert = { alertname, severity, namespace, mark, source };
					return { receiver: route.receiver, route, alert };
				}),
		),
	);
}

function allLabelsOf(alert: PlantedAlert): AlertLabels {
	return { ...alert.source, ...labelsOf(alert) };
}

function takes(
	tree: TreeRoute,
	{ receiver }: TreeRoute,
	alert: PlantedAlert,
): boolean {
	return routesOf(tree, allLabelsOf(alert)).some(
		(each) => each.receiver === receiver && each.muted.length === 0,
	);
}

/** Whether each inhibition rule whose source an alert is asks for something that no other alert has. */
function suppressesNoOther(
	{ inhibit_rules: rules = [] }: AlertmanagerConfig,
	alert: PlantedAlert,
	token: string,
): boolean {
	const labels = allLabelsOf(alert);
	return rules.every(
		({ source_matchers, source_match, source_match_re, equal = [] }) =>
			!matchesAll(
				collectMatchers(source_matchers ?? [], source_match, source_match_re),
				labels,
			) || equal.some((label) => labels[label]?.includes(token)),
	);
}
