import { stringify } from "yaml";
import { formatDuration } from "../common/duration.ts";
import type { Tools } from "../harness/cluster/tools.ts";
import { destinationOf, destinationsOf } from "./destinations.ts";
import type { AlertmanagerConfig, Route } from "./loaded-config.ts";
import { labelsOf, type PlantedAlert } from "./planted-alerts.ts";
import {
	makeRouteTree,
	type ResolvedRoute,
	resolveRoute,
	rootDefaults,
	routesOf,
} from "./route-tree.ts";
import type { ExpectedRoute } from "./routing-table.ts";

/** Where Alertmanager routes a set of labels. */
export interface PickedRoute {
	readonly labels: ExpectedRoute["labels"];
	/** `slack`, `nobody`, or a description of anything else; several if routes continue. */
	readonly goesTo: string;
	/** The repeat interval, e.g. `1h`. */
	readonly repeats: string;
}

/** Where an alert goes, by its labels alone. */
export function whereTo(
	config: AlertmanagerConfig,
	alert: PlantedAlert,
): string {
	return destinationsOf(
		routesOf(makeRouteTree(config), labelsOf(alert)).map(
			({ receiver }) => receiver,
		),
		config,
	);
}

/** Asks amtool, which uses Alertmanager's own routing code, which route a loaded configuration picks. */
export async function pickRoute(
	tools: Pick<Tools, "amtool">,
	config: AlertmanagerConfig,
	labels: ExpectedRoute["labels"],
): Promise<PickedRoute> {
	const { yaml, routes } = makeNumberedConfig(config);
	const { stdout } = await tools.amtool(
		[
			"config",
			"routes",
			"test",
			"--config.file=alertmanager.yaml",
			...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
		],
		{ files: { "alertmanager.yaml": yaml }, speaks: true },
	);
	const picked = stdout
		.trim()
		.split(/[,\s]+/)
		.map((name) => {
			const route = routes.get(name);
			if (!route)
				throw new Error(`amtool answered ${JSON.stringify(stdout)}, no route`);
			return route;
		});
	const toSlack = picked.filter(({ receiver }) =>
		/slack/i.test(destinationOf(config, receiver)),
	);
	return {
		labels,
		goesTo: destinationsOf(
			picked.map(({ receiver }) => receiver),
			config,
		),
		repeats: (toSlack.length > 0 ? toSlack : picked)
			.map(({ repeatInterval }) => formatDuration(repeatInterval))
			.join(", and every "),
	};
}

/**
 * The same routing tree with a receiver of its own for each route: amtool prints only receivers, and this way they
 * identify the route that Alertmanager picks.
 *
 * @returns the configuration as YAML, and the route behind each of its receivers
 */
export function makeNumberedConfig(original: AlertmanagerConfig): {
	readonly yaml: string;
	readonly routes: ReadonlyMap<string, ResolvedRoute>;
} {
	const routes = new Map<string, ResolvedRoute>();
	const number = (node: Route, path: string, parent: ResolvedRoute): Route => {
		const resolved = resolveRoute(node, parent);
		routes.set(path, resolved);
		const children = node.routes?.map((child, index) =>
			number(child, `${path}-${index + 1}`, resolved),
		);
		return { ...node, receiver: path, ...(children && { routes: children }) };
	};
	const tree = number(original.route, "route", rootDefaults);
	const yaml = stringify({
		route: tree,
		receivers: [...routes.keys()].map((name) => ({ name })),
		// Routes may refer to these. Anything else does not matter for routing and could contain secrets.
		time_intervals: original.time_intervals,
		mute_time_intervals: original.mute_time_intervals,
	});
	return { yaml, routes };
}
