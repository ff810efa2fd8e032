import { omitBy } from "es-toolkit";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { plainDuration } from "../api/plain-amounts.ts";
import {
	asObject,
	at,
	isNothing,
	textAt,
	withoutSlash,
} from "../charts/fields.ts";
import { plainRoute, withPlainWaits } from "../routing/plain-routing.ts";
import type {
	ContactPoint,
	GrafanaAlert,
	ProvisionedDatasource,
} from "./provisioned.ts";

/** Notification policies as Grafana completes them: they are routes of Alertmanager's, one tree for each organisation. */
export function plainPolicies(policies: readonly unknown[]): unknown[] {
	return policies.map((each) => plainRoute(withPlainWaits(each)));
}

/**
 * An alert in one form, with what Grafana takes for what is not said. See
 * https://github.com/grafana/grafana/blob/main/pkg/services/provisioning/alerting/rules_types.go: without `execErrState`
 * it alerts, though the form in the browser begins with Error.
 */
export function plainAlert(alert: GrafanaAlert): unknown {
	const { labels, annotations, notification_settings, data, ...rest } = alert;
	const own = omitBy(
		{
			...rest,
			// Written out, because people take it for Error.
			execErrState: rest.execErrState || "Alerting",
			noDataState: rest.noDataState || "NoData",
			for: plainTime(rest.for),
			keepFiringFor: plainTime(rest.keepFiringFor),
			labels: withTexts(labels),
			annotations: withTexts(annotations),
			notification_settings: withPlainWaits(notification_settings),
			data: listAt({ data }, "data").map(plainQuery),
		},
		isUnset,
	);
	return withoutUsual(own, usualOfAlert);
}

const usualOfAlert = {
	for: ["0s"],
	keepFiringFor: ["0s"],
	isPaused: [false],
	panelId: [0],
};
/** https://github.com/grafana/grafana/blob/main/pkg/services/ngalert/models/alert_query.go */
const usualOfModel = {
	intervalMs: [1000, 0],
	maxDataPoints: [43_200, 0],
	hide: [false],
	queryType: [""],
};

function plainQuery(query: unknown): unknown {
	const { model, relativeTimeRange, ...rest } = asObject(query);
	return omitBy(
		{
			...rest,
			relativeTimeRange: withoutUsual(asObject(relativeTimeRange), {
				from: [0],
				to: [0],
			}),
			model: withoutUsual(asObject(model), usualOfModel),
		},
		isUnset,
	);
}

/** A number is taken for a time, too, if it is 0. */
function plainTime(value: unknown): unknown {
	return typeof value === "string" || value === 0
		? plainDuration(String(value))
		: value;
}

/** Labels are texts, whatever they are written as. */
function withTexts(value: unknown): Record<string, string> {
	return Object.fromEntries(
		Object.entries(asObject(value)).map(([name, each]) => [name, String(each)]),
	);
}

/** A contact point without what its kinds of receivers take anyway: https://github.com/grafana/alerting/tree/main/receivers */
export function plainContactPoint(point: ContactPoint): unknown {
	return {
		...point,
		receivers: point.receivers.map((each) => {
			const type = textAt(each, "type");
			const settings = omitBy(asObject(at(each, "settings")), isUnset);
			return {
				...each,
				settings: withoutUsual(settings, {
					...usualTexts,
					...usualOfContactPoints[type],
				}),
			};
		}),
	};
}

const title = ['{{ template "default.title" . }}'];
const message = ['{{ template "default.message" . }}'];
const usualTexts: Usual = { title, message };
const usualOfContactPoints: Readonly<Record<string, Usual>> = {
	discord: { use_discord_username: [false] },
	// Its message is none if it is not set.
	email: { singleEmail: [false], subject: title, message: [] },
	opsgenie: {
		message: title,
		apiUrl: ["https://api.opsgenie.com/v2/alerts"],
		autoClose: [true],
		overridePriority: [true],
		sendTagsAs: ["tags"],
	},
	slack: {
		endpointUrl: ["https://slack.com/api/chat.postMessage"],
		username: ["Grafana"],
		text: message,
	},
	telegram: {
		parse_mode: ["HTML"],
		disable_web_page_preview: [false],
		protect_content: [false],
		disable_notifications: [false],
	},
	webhook: { httpMethod: ["POST"], maxAlerts: [0, "0"] },
};

/** A datasource without empty settings and the `/` at the end of its address, before which Grafana puts what it asks for. */
export function plainDatasource(datasource: ProvisionedDatasource): unknown {
	const jsonData = omitBy(
		asObject(at(datasource, "jsonData")),
		(value, name) => isUnset(value) || (value === false && isOff.test(name)),
	);
	return omitBy(
		{
			...datasource,
			url: datasource.url && withoutSlash(datasource.url),
			jsonData,
		},
		isUnset,
	);
}

/** What is off unless it is switched on. */
const isOff = /^(tls|oauth|sigV4Auth)/;

type Usual = Readonly<Record<string, readonly unknown[]>>;

function withoutUsual(
	fields: Readonly<Record<string, unknown>>,
	usual: Usual,
): Record<string, unknown> {
	return omitBy(fields, (value, name) => usual[name]?.includes(value) ?? false);
}

/** Grafana takes an empty text for none. */
function isUnset(value: unknown): boolean {
	return value === "" || isNothing(value);
}
