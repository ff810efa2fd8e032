import { parse, stringify } from "yaml";
import { z } from "zod";
import { parseDuration } from "../common/duration.ts";

/** A node of the routing tree: the fields that are read here, and the rest unchanged. */
const route = z.looseObject({
	receiver: z.string().optional(),
	group_wait: z.string().optional(),
	repeat_interval: z.string().optional(),
	get routes() {
		return z.array(route).optional();
	},
});
type Route = z.infer<typeof route>;

const receiver = z.looseObject({
	name: z.string(),
	slack_configs: z
		.array(
			z.looseObject({
				api_url: z.string().optional(),
				api_url_file: z.string().optional(),
			}),
		)
		.default([]),
});

const config = z.looseObject({
	global: z
		.looseObject({ slack_api_url: z.string().optional() })
		.default({ slack_api_url: undefined }),
	route,
	receivers: z.array(receiver),
});
export type AlertmanagerConfig = z.infer<typeof config>;

/** A route with what it inherits. */
export interface ResolvedRoute {
	readonly receiver: string;
	/** Milliseconds. */
	readonly repeatInterval: number;
}

// Alertmanager's defaults for the root route.
const defaultRepeatInterval = "4h";
const defaultGroupWait = "30s";

/** Parses the configuration that Alertmanager has loaded. */
export function parseConfig(yaml: string): AlertmanagerConfig {
	return config.parse(parse(yaml));
}

/** Where a receiver's notifications go: `slack` if only there, `nobody`, or a description of anything else. */
export function destinationOf(
	{ receivers }: AlertmanagerConfig,
	name: string,
): string {
	const found = receivers.find((each) => each.name === name);
	if (!found) return `receiver ${name}, which does not exist`;
	const { slack_configs: slack, name: _, ...others } = found;
	const kinds = Object.keys(others).filter((key) => key.endsWith("_configs"));
	if (kinds.length > 0) return `receiver ${name} with ${kinds.join(", ")}`;
	if (slack.length > 1) return `receiver ${name}, Slack ${slack.length} times`;
	return slack.length === 1 ? "slack" : "nobody";
}

/** The longest time, in milliseconds, that a new group waits before its first notification. */
export function longestGroupWait({ route }: AlertmanagerConfig): number {
	const waits = (node: Route): string[] => [
		...(node.group_wait === undefined ? [] : [node.group_wait]),
		...(node.routes ?? []).flatMap(waits),
	];
	return Math.max(
		...[route.group_wait ?? defaultGroupWait, ...waits(route)].map(
			parseDuration,
		),
	);
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
		const resolved = {
			receiver: node.receiver ?? parent.receiver,
			repeatInterval:
				node.repeat_interval === undefined
					? parent.repeatInterval
					: parseDuration(node.repeat_interval),
		};
		routes.set(path, resolved);
		const children = node.routes?.map((child, index) =>
			number(child, `${path}-${index + 1}`, resolved),
		);
		return { ...node, receiver: path, ...(children && { routes: children }) };
	};
	const tree = number(original.route, "route", {
		receiver: "",
		repeatInterval: parseDuration(defaultRepeatInterval),
	});
	const yaml = stringify({
		route: tree,
		receivers: [...routes.keys()].map((name) => ({ name })),
		// Routes may refer to these. Anything else does not matter for routing and could contain secrets.
		time_intervals: original.time_intervals,
		mute_time_intervals: original.mute_time_intervals,
	});
	return { yaml, routes };
}
