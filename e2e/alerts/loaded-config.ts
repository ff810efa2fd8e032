import { parse } from "yaml";
import { z } from "zod";
import type { RouteWaits } from "../common/environment.ts";
import { parseAs } from "../common/parsing/parse-as.ts";

/** A node of the routing tree: the fields that are read here, and the rest unchanged. */
const names = z.array(z.string()).optional();
const route = z.looseObject({
	receiver: z.string().optional(),
	matchers: names,
	match: z.unknown().optional(),
	match_re: z.unknown().optional(),
	continue: z.boolean().optional(),
	group_by: names,
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
				channel: z.string().optional(),
				api_url: z.string().optional(),
				api_url_file: z.string().optional(),
				send_resolved: z.boolean().optional(),
				http_config: z
					.looseObject({
						authorization: z
							.looseObject({
								credentials: z.string().optional(),
								credentials_file: z.string().optional(),
							})
							.nullish(),
					})
					.nullish(),
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
	/** Globs of files. */
	templates: z.array(z.string()).nullish(),
	inhibit_rules: z.array(inhibitionRule).optional(),
	time_intervals: z.array(timeInterval).optional(),
	mute_time_intervals: z.array(timeInterval).optional(),
});
export type AlertmanagerConfig = z.infer<typeof config>;

/** Parses the configuration that Alertmanager has loaded. */
export function parseConfig(yaml: string): AlertmanagerConfig {
	return parseAs(
		config,
		parse(yaml),
		"the configuration that Alertmanager has loaded",
	);
}

/**
 * The loaded configuration with the waits that routes have as written: the test's own values replace them. The operator
 * puts the routes of AlertmanagerConfigs before those of the root route; they are as they are loaded.
 */
export function withWrittenWaits(
	config: AlertmanagerConfig,
	written: RouteWaits | undefined,
): AlertmanagerConfig {
	return written
		? { ...config, route: withWaits(config.route, written) }
		: config;
}

function withWaits(node: Route, written: RouteWaits): Route {
	const before = (node.routes?.length ?? 0) - written.routes.length;
	return {
		...node,
		group_wait: written.groupWait,
		group_interval: written.groupInterval,
		routes: node.routes?.map((child, i) => {
			const own = written.routes[i - before];
			return own ? withWaits(child, own) : child;
		}),
	};
}
