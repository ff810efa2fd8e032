import { parse } from "yaml";
import { z } from "zod";
import { parseAs } from "../../../common/parsing/parse-as.ts";

const slackFiles = z.looseObject({
	/** For all receivers that name neither an address nor a file. */
	global: z
		.looseObject({ slack_api_url_file: z.string().optional() })
		.nullish(),
	receivers: z
		.array(
			z.looseObject({
				slack_configs: z
					.array(
						z.looseObject({
							api_url: z.string().optional(),
							api_url_file: z.string().optional(),
						}),
					)
					.default([]),
			}),
		)
		.default([]),
});

/** The files from which the receivers in a configuration of Alertmanager read Slack's webhooks. */
export function listWebhookFiles(yaml: string): string[] {
	const { global, receivers } = parseAs(
		slackFiles,
		parse(yaml),
		"Alertmanager's configuration",
	);
	const files = receivers.flatMap(({ slack_configs }) =>
		slack_configs.flatMap(
			({ api_url, api_url_file }) =>
				api_url_file ??
				(api_url === undefined ? (global?.slack_api_url_file ?? []) : []),
		),
	);
	return [...new Set(files)];
}
