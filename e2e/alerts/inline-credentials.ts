import type { AlertmanagerConfig } from "./loaded-config.ts";

/**
 * What the configuration has of Slack's credentials itself, instead of the path of a file: a clause each, without a value.
 * The address that a bot writes to is everybody's; its token is the secret.
 */
export function findInlineCredentials({
	global,
	receivers,
}: AlertmanagerConfig): string[] {
	const found = receivers.flatMap(({ name, slack_configs }) =>
		slack_configs.flatMap(({ api_url, http_config }) => {
			const authorization = http_config?.authorization;
			const what = authorization
				? authorization.credentials && "the token of its bot"
				: api_url && "the address of its webhook";
			return what ? [`receiver ${name} has ${what}`] : [];
		}),
	);
	// Where there is a bot, it may be Slack's own address; if it is the webhook, the search for that finds it.
	const hasBot = receivers.some(({ slack_configs }) =>
		slack_configs.some(({ http_config }) => http_config?.authorization),
	);
	return global.slack_api_url !== undefined && !hasBot
		? [...found, "global has slack_api_url"]
		: found;
}
