import type { AlertmanagerConfig } from "../loaded-config.ts";

/** A template of a receiver's Slack messages. */
export interface TemplatedField {
	/** e.g. `title` or `fields[0].value` */
	readonly name: string;
	readonly text: string;
}

/** What Alertmanager renders of a Slack message, of its parts, too (notify/slack/slack.go). */
const rendered =
	/^(channel|username|icon_emoji|icon_url|message_text|color|title|title_link|pretext|text|fallback|callback_id|image_url|thumb_url|footer|fields\[\d+\]\.(title|value)|actions\[\d+\]\.(type|text|url|style|name|value|confirm\.(title|text|ok_text|dismiss_text)))$/;

/** A field that nobody has set. A distribution's amtool may not have Alertmanager's own templates. */
const unset = /^\{\{ template "slack\.default\.\w+" \. \}\}$/;

/** What a person sees in the message itself. */
const visible =
	/^(message_text|title|pretext|text|image_url|thumb_url|fields\[\d+\]\.value)$/;

/** Alertmanager's own templates that are empty (template/default.tmpl). */
const blank = /^\{\{ template "slack\.default\.(text|pretext)" \. \}\}$/;

/** The templates of a receiver's Slack messages that are neither plain text nor Alertmanager's own. */
export function templatedFieldsOf({
	slack_configs,
}: Pick<AlertmanagerConfig["receivers"][number], "slack_configs">): {
	readonly sendsResolved: boolean;
	readonly fields: readonly TemplatedField[];
}[] {
	return slack_configs.map((each) => ({
		sendsResolved: each.send_resolved ?? false,
		fields: stringsIn(each, "").filter(
			({ name, text }) =>
				rendered.test(name) && text.includes("{{") && !unset.test(text),
		),
	}));
}

/**
 * The templates of what a person sees of a receiver's Slack messages, one list for each that is made by such templates
 * alone: plain text, and Alertmanager's own title, are never blank. A name, a colour, a footer or a button say nothing of
 * an alert, and the fallback is only shown in a notification.
 */
export function visibleTemplatesOf({
	slack_configs,
}: Pick<
	AlertmanagerConfig["receivers"][number],
	"slack_configs"
>): TemplatedField[][] {
	return slack_configs
		.map((each) =>
			stringsIn(each, "").filter(
				({ name, text }) =>
					visible.test(name) && text.trim() !== "" && !blank.test(text),
			),
		)
		.filter(
			(fields) =>
				fields.length > 0 &&
				fields.every(
					({ text }) =>
						text.includes("{{") && !text.includes('template "slack.default.'),
				),
		);
}

function stringsIn(value: unknown, path: string): TemplatedField[] {
	if (typeof value === "string") return [{ name: path, text: value }];
	if (Array.isArray(value))
		return value.flatMap((each, i) => stringsIn(each, `${path}[${i}]`));
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, each]) =>
		stringsIn(each, path ? `${path}.${key}` : key),
	);
}
