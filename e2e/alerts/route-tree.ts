import { formatDuration } from "../common/duration.ts";
import {
	type AlertmanagerConfig,
	isAlways,
	type ResolvedRoute,
	type Route,
	resolveRoute,
	rootDefaults,
} from "./loaded-config.ts";
import {
	type AlertLabels,
	collectMatchers,
	formatMatchers,
	type Matcher,
	matchesAll,
} from "./matchers.ts";

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
		return {
			...resolved,
			own,
			matchers,
			continues: node.continue ?? false,
			// A route does not inherit these.
			muted: [
				...(node.mute_time_intervals ?? []),
				...notAlways(config, node.active_time_intervals ?? []),
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

/** Active at any time is no restriction; of several intervals one suffices. */
function notAlways(
	config: AlertmanagerConfig,
	names: readonly string[],
): readonly string[] {
	return names.some((name) => isAlways(config, name)) ? [] : names;
}
