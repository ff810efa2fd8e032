import { makeContexts } from "./alert-contexts.ts";
import type { AlertmanagerConfig } from "./loaded-config.ts";
import { type AlertLabels, allowsAlert } from "./matchers.ts";
import {
	allRoutes,
	makeRouteTree,
	routesOf,
	type TreeRoute,
} from "./route-tree.ts";

/**
 * Where a receiver's notifications go: `slack` if there once, whatever else it notifies; `nobody`; or a description of
 * anything else, such as `webhook`.
 */
export function destinationOf(
	{ receivers }: AlertmanagerConfig,
	name: string,
): string {
	const found = receivers.find((each) => each.name === name);
	if (!found) return `receiver ${name}, which does not exist`;
	const { slack_configs: slack, name: _, ...others } = found;
	if (slack.length > 1) return `receiver ${name}, Slack ${slack.length} times`;
	if (slack.length === 1) return "slack";
	const kinds = Object.entries(others)
		.filter(([key, value]) => key.endsWith("_configs") && isFilled(value))
		.map(([key]) => key.replace(/_configs$/, ""));
	return kinds.length > 0 ? kinds.join(" and ") : "nobody";
}

/**
 * Where several receivers send an alert. Slack, or nobody by a null receiver, is what was promised; who else is notified,
 * such as an archive of all alerts, is not.
 */
export function destinationsOf(
	names: readonly string[],
	config: AlertmanagerConfig,
): string {
	const all = names.map((name) => destinationOf(config, name));
	const slack = all.filter((each) => each.toLowerCase().includes("slack"));
	if (slack.length > 0) return slack.join(", and to ");
	return all.includes("nobody") ? "nobody" : all.join(", and to ");
}

/** The Slack channels that a receiver writes to, with what decides whose they are. */
export function placesOf(
	{ receivers }: AlertmanagerConfig,
	name: string,
): string[] {
	const found = receivers.find((each) => each.name === name);
	return (found?.slack_configs ?? []).map(
		({ channel = "", api_url, api_url_file, http_config }) =>
			[
				channel.replace(/^#/, "").toLowerCase(),
				api_url_file ??
					http_config?.authorization?.credentials_file ??
					api_url ??
					"",
			].join(" by "),
	);
}

/**
 * The routes by which critical and warning alerts may come to a receiver.
 *
 * @param alerts the labels of the loaded rules
 */
export function promisedRoutes(
	config: AlertmanagerConfig,
	alerts: readonly AlertLabels[],
): TreeRoute[] {
	const promised = listPromised(alerts);
	return allRoutes(makeRouteTree(config)).filter(({ matchers }) =>
		promised.some((each) => allowsAlert(matchers, each)),
	);
}

/** Those of them that an alert takes, instead of one of a route's own children. */
export function takenRoutes(
	config: AlertmanagerConfig,
	alerts: readonly AlertLabels[],
): TreeRoute[] {
	const tree = makeRouteTree(config);
	const promised = listPromised(alerts);
	return allRoutes(tree).filter((route) => {
		const contexts = makeContexts([route.matchers], []);
		return promised.some((own) =>
			contexts.some((context) =>
				routesOf(tree, { ...context, ...own }).includes(route),
			),
		);
	});
}

function listPromised(alerts: readonly AlertLabels[]): AlertLabels[] {
	return ["critical", "warning"].flatMap((severity) => [
		{ alertname: "AnyAlert", severity },
		...alerts.filter((each) => each.severity === severity),
	]);
}

/**
 * Receivers of critical and warning alerts that tell Slack when an alert begins, but not when it ends: a sentence each.
 *
 * @param alerts the labels of the loaded rules
 */
export function findUnsentResolves(
	config: AlertmanagerConfig,
	alerts: readonly AlertLabels[],
): string[] {
	const used = new Set(
		promisedRoutes(config, alerts).map(({ receiver }) => receiver),
	);
	return config.receivers
		.filter(
			({ name, slack_configs }) =>
				used.has(name) &&
				slack_configs.some(({ send_resolved }) => !send_resolved),
		)
		.map(
			({ name }) =>
				`receiver ${name} is to tell Slack that an alert is resolved, but its send_resolved is false (Alertmanager's default for Slack)`,
		);
}

function isFilled(value: unknown): boolean {
	return Array.isArray(value) && value.length > 0;
}
