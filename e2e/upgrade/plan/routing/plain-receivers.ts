import { isEqual, isPlainObject, omitBy, sortBy } from "es-toolkit";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, isNothing, textAt } from "../charts/fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Receivers that tell of the end of an alert, unless they are told otherwise; the others do not. */
const tellOfEnds: Readonly<Record<string, boolean>> = {
	discord_configs: true,
	email_configs: false,
	jira_configs: true,
	msteams_configs: true,
	msteamsv2_configs: true,
	opsgenie_configs: true,
	pagerduty_configs: true,
	pushover_configs: true,
	rocketchat_configs: false,
	slack_configs: false,
	sns_configs: true,
	telegram_configs: true,
	victorops_configs: true,
	webex_configs: true,
	webhook_configs: true,
	wechat_configs: false,
};

const usualOfReceivers: ReadonlyMap<string, unknown> = new Map<string, unknown>(
	[
		["slack_configs short_fields", false],
		["slack_configs link_names", false],
		[
			"slack_configs color",
			'{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}',
		],
		["webhook_configs max_alerts", 0],
		["telegram_configs disable_notifications", false],
		["telegram_configs parse_mode", "HTML"],
		["pushover_configs html", false],
		["pushover_configs retry", "1m"],
		["pushover_configs expire", "1h"],
		["victorops_configs message_type", "CRITICAL"],
	],
);

function isUsualOf(kind: string, field: string, value: unknown): boolean {
	const setting = `${kind} ${field}`;
	if (usualOfReceivers.has(setting))
		return usualOfReceivers.get(setting) === value;
	if (field === "send_resolved") return value === tellOfEnds[kind];
	// Alertmanager's own texts are templates by the names of the kind and the field.
	const template = `${kind.replace("_configs", "")}.default.${field}`;
	return [template, template.replaceAll("_", "")].some(
		(each) => value === `{{ template "${each}" . }}`,
	);
}

/**
 * Where a receiver takes from the global part what it does not say: fields by the kind of receiver and the beginning of
 * their global names, of which those in one group are told together.
 */
const inherited: Readonly<
	Record<
		string,
		{
			readonly prefix: string;
			readonly groups: readonly (readonly string[])[];
		}
	>
> = {
	email_configs: {
		prefix: "smtp_",
		groups: [
			["smarthost"],
			["from"],
			["hello"],
			["auth_username"],
			["auth_password", "auth_password_file"],
			["auth_secret", "auth_secret_file"],
			["auth_identity"],
			["require_tls"],
			["tls_config"],
		],
	},
	jira_configs: { prefix: "jira_", groups: [["api_url"]] },
	opsgenie_configs: {
		prefix: "opsgenie_",
		groups: [["api_url"], ["api_key", "api_key_file"]],
	},
	pagerduty_configs: { prefix: "pagerduty_", groups: [["url"]] },
	slack_configs: {
		prefix: "slack_",
		groups: [["api_url", "api_url_file", "app_token", "app_token_file"]],
	},
	telegram_configs: { prefix: "telegram_", groups: [["api_url"]] },
	victorops_configs: {
		prefix: "victorops_",
		groups: [["api_url"], ["api_key", "api_key_file"]],
	},
	webex_configs: { prefix: "webex_", groups: [["api_url"]] },
};
const inheritedNames = new Set<PropertyKey>([
	"http_config",
	...Object.values(inherited).flatMap(({ prefix, groups }) =>
		groups.flat().map((field) => `${prefix}${field}`),
	),
]);

function withInherited(kind: string, item: Fields, global: Fields): Fields {
	const { prefix = "", groups = [] } = inherited[kind] ?? {};
	const taken = groups
		.filter((group) => group.every((field) => item[field] === undefined))
		.flat()
		.map((field): [string, unknown] => [field, global[`${prefix}${field}`]]);
	return {
		...Object.fromEntries(taken.filter(([, value]) => value !== undefined)),
		// A mail is not sent by HTTP.
		...(kind !== "email_configs" && { http_config: global.http_config }),
		...item,
	};
}

/** How Alertmanager asks by HTTP, without its defaults. */
function plainHttp(value: unknown): unknown {
	return omitBy(
		asObject(value),
		(each, name) =>
			isNothing(each) ||
			(["follow_redirects", "enable_http2"].includes(name) && each === true),
	);
}

/**
 * A receiver without what Alertmanager takes anyway.
 *
 * @param global what it takes from there is written out; without it, the receiver is as it was written
 */
export function plainReceiver(receiver: unknown, global?: unknown): unknown {
	const all = { ...usualGlobals, ...asObject(global) };
	const plainItem = (kind: string, each: unknown) => {
		const item = isPlainObject(each) ? asObject(each) : {};
		const { http_config, ...whole } =
			global === undefined ? item : withInherited(kind, item, all);
		return {
			...omitBy(whole, (value, field) => isUsualOf(kind, field, value)),
			...omitBy({ http_config: plainHttp(http_config) }, isNothing),
		};
	};
	return Object.fromEntries(
		Object.entries(asObject(receiver))
			.filter(([name, list]) => !(name in tellOfEnds && isEqual(list, [])))
			.map(([name, list]) => [
				name,
				Array.isArray(list)
					? list.map((each: unknown) => plainItem(name, each))
					: list,
			]),
	);
}

const usualGlobals: Fields = {
	resolve_timeout: "5m",
	smtp_hello: "localhost",
	smtp_require_tls: true,
	pagerduty_url: "https://events.pagerduty.com/v2/enqueue",
	opsgenie_api_url: "https://api.opsgenie.com/",
	telegram_api_url: "https://api.telegram.org",
	victorops_api_url:
		"https://alert.victorops.com/integrations/generic/20131114/alert/",
	webex_api_url: "https://webexapis.com/v1/messages",
	wechat_api_url: "https://qyapi.weixin.qq.com/cgi-bin/",
};

/**
 * What is neither route nor receiver nor inhibition.
 *
 * @param isInherited whether what receivers take from the global part counts
 */
export function plainRest(
	rest: Fields,
	isInherited: boolean,
): Record<string, unknown> {
	const { mute_time_intervals, time_intervals, global, ...others } = rest;
	const own = omitBy(
		{
			...asObject(global),
			http_config: plainHttp(asObject(global).http_config),
		},
		(value, name) => isNothing(value) || value === usualGlobals[String(name)],
	);
	const lists = { mute_time_intervals, time_intervals };
	// They are one list, the first under its old name.
	const intervals = [
		...listAt(lists, "mute_time_intervals"),
		...listAt(lists, "time_intervals"),
	].map(asObject);
	return omitBy(
		{
			...others,
			time_intervals: sortBy(intervals, [(each) => textAt(each, "name")]),
			global: isInherited
				? own
				: omitBy(own, (_, name) => inheritedNames.has(name)),
		},
		isNothing,
	);
}
