import { parse } from "yaml";
import { z } from "zod";
import { parseDuration } from "../common/duration.ts";
import { parseAs } from "../common/parsing/parse-as.ts";

/** A node of the routing tree: the fields that are read here, and the rest unchanged. */
const names = z.array(z.string()).optional();
const route = z.looseObject({
	receiver: z.string().optional(),
	matchers: names,
	match: z.unknown().optional(),
	match_re: z.unknown().optional(),
	continue: z.boolean().optional(),
	group_wait: z.string().optional(),
	group_interval: z.string().optional(),
	repeat_interval: z.string().optional(),
	mute_time_intervals: names,
	active_time_intervals: names,
	get routes() {
		return z.array(route).optional();
	},
});
export type Route = z.infer<typeof route>;

const receiver = z.looseObject({
	name: z.string(),
	slack_configs: z
		.array(
			z.looseObject({
				api_url: z.string().optional(),
				api_url_file: z.string().optional(),
				send_resolved: z.boolean().optional(),
			}),
		)
		.default([]),
});

const inhibitionRule = z.looseObject({
	source_matchers: names,
	source_match: z.unknown().optional(),
	source_match_re: z.unknown().optional(),
	target_matchers: names,
	target_match: z.unknown().optional(),
	target_match_re: z.unknown().optional(),
	equal: names,
});

const timeInterval = z.looseObject({
	name: z.string(),
	time_intervals: z.array(z.looseObject({})).nullish(),
});

const config = z.looseObject({
	global: z
		.looseObject({ slack_api_url: z.string().optional() })
		.default({ slack_api_url: undefined }),
	route,
	receivers: z.array(receiver),
	inhibit_rules: z.array(inhibitionRule).optional(),
	time_intervals: z.array(timeInterval).optional(),
	mute_time_intervals: z.array(timeInterval).optional(),
});
export type AlertmanagerConfig = z.infer<typeof config>;

/** A route with what it inherits. */
export interface ResolvedRoute {
	readonly receiver: string;
	/** Milliseconds. */
	readonly repeatInterval: number;
}

// Alertmanager's defaults for the root route.
const defaultGroupWait = "30s";
const defaultGroupInterval = "5m";

/** What the root route inherits. */
export const rootDefaults: ResolvedRoute = {
	receiver: "",
	repeatInterval: parseDuration("4h"),
};

/** Parses the configuration that Alertmanager has loaded. */
export function parseConfig(yaml: string): AlertmanagerConfig {
	return parseAs(
		config,
		parse(yaml),
		"the configuration that Alertmanager has loaded",
	);
}

/** A route's receiver and repeat interval, which it may inherit. */
export function resolveRoute(
	node: Route,
	parent: ResolvedRoute,
): ResolvedRoute {
	return {
		receiver: node.receiver ?? parent.receiver,
		repeatInterval:
			node.repeat_interval === undefined
				? parent.repeatInterval
				: parseDuration(node.repeat_interval),
	};
}

/** Whether a time interval has no bounds at all, or none that restricts it. */
export function isAlways(
	{
		time_intervals: named = [],
		mute_time_intervals: older = [],
	}: AlertmanagerConfig,
	name: string,
): boolean {
	const found = [...named, ...older].find((each) => each.name === name);
	return (found?.time_intervals ?? []).some(
		(each) =>
			Object.keys(each).filter((key) => key !== "location").length === 0,
	);
}

/** The longest times, in milliseconds, that any group waits before it sends what is new. */
export interface LongestWaits {
	/** Before the first notification of a group. */
	readonly firing: number;
	/** Before the next one, for example about a resolve. */
	readonly resolved: number;
}

export function longestWaits({ route }: AlertmanagerConfig): LongestWaits {
	const longest = (
		key: "group_wait" | "group_interval",
		ofRoot: string,
	): number => {
		const waits = (node: Route): string[] => [
			...(node[key] === undefined ? [] : [node[key]]),
			...(node.routes ?? []).flatMap(waits),
		];
		return Math.max(
			...[route[key] ?? ofRoot, ...waits(route)].map(parseDuration),
		);
	};
	const wait = longest("group_wait", defaultGroupWait);
	return {
		firing: wait,
		// A group that was there before sends what is new after its interval, a new one after its wait.
		resolved: Math.max(wait, longest("group_interval", defaultGroupInterval)),
	};
}
