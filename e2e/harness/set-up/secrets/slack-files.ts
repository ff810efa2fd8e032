import { parse } from "yaml";
import { z } from "zod";
import { parseAs } from "../../../common/parsing/parse-as.ts";

/** What Alertmanager writes to Slack by: a webhook's address, or the token of a bot. Doppler has both by these names. */
export type SlackCredential = "SLACK_WEBHOOK_URL" | "SLACK_BOT_TOKEN";

/** A file that Alertmanager reads, and what has to be in it. */
export interface SlackFile {
	readonly path: string;
	readonly content: SlackCredential;
}

const text = z.string().optional();
const http_config = z
	.looseObject({
		authorization: z.looseObject({ credentials_file: text }).nullish(),
	})
	.nullish();
const slackConfig = z.looseObject({
	api_url: text,
	api_url_file: text,
	app_token_file: text,
	http_config,
});
const slackSettings = z.looseObject({
	/** For all receivers that name nothing of their own. */
	global: z
		.looseObject({
			slack_api_url_file: text,
			slack_app_token_file: text,
			http_config,
		})
		.nullish(),
	receivers: z
		.array(z.looseObject({ slack_configs: z.array(slackConfig).default([]) }))
		.default([]),
});
type Global = z.infer<typeof slackSettings>["global"];

/** The files from which the receivers in a configuration of Alertmanager read what they write to Slack by. */
export function readSlackFiles(yaml: string): SlackFile[] {
	const { global, receivers } = parseAs(
		slackSettings,
		parse(yaml),
		"Alertmanager's configuration",
	);
	const files = receivers.flatMap(({ slack_configs }) =>
		slack_configs.flatMap((each) => fileOf(each, global)),
	);
	return [...new Map(files.map((each) => [each.path, each])).values()];
}

/** The file of one receiver; none if it has a webhook or a token in the configuration itself. */
function fileOf(
	config: z.infer<typeof slackConfig>,
	global: Global,
): SlackFile[] {
	const { api_url, api_url_file, app_token_file } = config;
	const http = config.http_config ?? global?.http_config;
	const ofWebhook = (path: string): SlackFile[] => [
		{ path, content: "SLACK_WEBHOOK_URL" },
	];
	if (api_url_file) return ofWebhook(api_url_file);
	const token =
		app_token_file ??
		http?.authorization?.credentials_file ??
		(api_url === undefined ? global?.slack_app_token_file : undefined);
	if (token) return [{ path: token, content: "SLACK_BOT_TOKEN" }];
	const shared = global?.slack_api_url_file;
	return api_url === undefined && shared ? ofWebhook(shared) : [];
}
