import { formatDuration, parseDuration } from "../common/duration.ts";
import type { AlertmanagerConfig, Route } from "./loaded-config.ts";
import {
	type AlertLabels,
	collectMatchers,
	formatMatchers,
	type Matcher,
	matchesAll,
} from "./matchers.ts";
import { whenInForce } from "./time-intervals.ts";

/** A route with what it inherits; times are in milliseconds. */
export interface ResolvedRoute {
	readonly receiver: string;
	readonly repeatInterval: number;
	/** Before the first notification of a group. */
	readonly groupWait: number;
	/** Before the next one, for example about a resolve. */
	readonly groupInterval: number;
	/** The labels that all alerts of a group have in common; `...` for all labels. */
	readonly groupBy: readonly string[];
}

/** What the root route inherits: Alertmanager's own defaults. */
export const rootDefaults: ResolvedRoute = {
	receiver: "",
	repeatInterval: parseDuration("4h"),
	groupWait: parseDuration("30s"),
	groupInterval: parseDuration("5m"),
	groupBy: [],
};

/** What a route has itself, and else inherits. */
export function resolveRoute(
	node: Route,
	parent: ResolvedRoute,
): ResolvedRoute {
	const timeOf = (own: string | undefined, inherited: number) =>
		own === undefined ? inherited : parseDuration(own);
	return {
		receiver: node.receiver ?? parent.receiver,
		repeatInterval: timeOf(node.repeat_interval, parent.repeatInterval),
		groupWait: timeOf(node.group_wait, parent.groupWait),
		groupInterval: timeOf(node.group_interval, parent.groupInterval),
		groupBy: node.group_by ?? parent.groupBy,
	};
}

/** A route of the tree with what it inherits, and everything that an alert must have to come to it. */
export interface TreeRoute extends ResolvedRoute {
	/** Of this route and of those above it. */
	readonly matchers: readonly Matcher[];
	readonly own: readonly Matcher[];
	readonly continues: boolean;
	/** Names of the time intervals that mute it for a while. */
	readonly muted: readonly string[];
	readonly children: readonly TreeRoute[];
}

/** The routing tree that Alertmanager has loaded. */
export function makeRouteTree(config: AlertmanagerConfig): TreeRoute {
	const make = (
		node: Route,
		parent: ResolvedRoute,
		above: readonly Matcher[],
	): TreeRoute => {
		const resolved = resolveRoute(node, parent);
		const own = collectMatchers(node.matchers ?? [], node.match, node.match_re);
		const matchers = [...above, ...own];
		const active = node.active_time_intervals ?? [];
		return {
			...resolved,
			own,
			matchers,
			continues: node.continue ?? false,
			// A route does not inherit these.
			muted: [
				...(node.mute_time_intervals ?? []).filter(
					(name) => whenInForce(config, [name]) !== "never",
				),
				// Of several, one that is in force suffices.
				...(whenInForce(config, active) === "always" ? [] : active),
			],
			children: (node.routes ?? []).map((child) =>
				make(child, resolved, matchers),
			),
		};
	};
	return make(config.route, rootDefaults, []);
}

/** The routes that an alert takes: the first that matches, and further ones after those that continue. */
export function routesOf(tree: TreeRoute, labels: AlertLabels): TreeRoute[] {
	if (!matchesAll(tree.own, labels)) return [];
	const taken: TreeRoute[] = [];
	for (const child of tree.children) {
		const below = routesOf(child, labels);
		taken.push(...below);
		if (below.length > 0 && !child.continues) break;
	}
	return taken.length > 0 ? taken : [tree];
}

/** Every route of the tree. */
export function allRoutes(tree: TreeRoute): TreeRoute[] {
	return [tree, ...tree.children.flatMap(allRoutes)];
}

/** e.g. `the route of namespace="media" (receiver null, repeats every 6h)` */
export function nameRoute(route: TreeRoute): string {
	const of =
		route.matchers.length > 0
			? `the route of ${formatMatchers(route.matchers)}`
			: "the root route";
	return `${of} (receiver ${route.receiver}, repeats every ${formatDuration(route.repeatInterval)})`;
}
