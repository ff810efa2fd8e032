import { createHash } from "node:crypto";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { syntaxErrorIn } from "../../../common/promql/expressions.ts";
import { keyOf, makeReason, type Reason } from "../../reasons.ts";
import { textAt } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import { versionOf } from "../known/versions.ts";
import {
	type GrafanaAlert,
	type ProvisionedDatasource,
	provisionedIn,
} from "./provisioned.ts";
import { newlySharedUids } from "./shared-uids.ts";

/** Alerts and contact points that Grafana cannot use, and that are not those of before. */
export function compareRefusedProvisions(a: Side, b: Side): Reason[] {
	const known = new Set(problemsIn(a).map(keyOf));
	return [
		...problemsIn(b).filter((each) => !known.has(keyOf(each))),
		...unknownDatasources(a, b),
		...sharedUids(a, b),
	];
}

function problemsIn(side: Side): Reason[] {
	const { alerts, datasources } = provisionedIn(side);
	return [
		...alerts.flatMap((each) => [
			...brokenQueries(each, datasources),
			...conditionOfNothing(each),
		]),
		...unknownTypes(side),
	];
}

/** Queries of Prometheus that do not parse. Grafana fills in variables before, so that those are not judged. */
function brokenQueries(
	alert: GrafanaAlert,
	datasources: readonly ProvisionedDatasource[],
): Reason[] {
	return listAt(alert, "data").flatMap((query) => {
		const uid = textAt(query, "datasourceUid");
		const type =
			datasources.find((each) => uidsOf(each).includes(uid))?.type ??
			textAt(query, "model.datasource.type");
		const expression = textAt(query, "model.expr");
		if (type !== "prometheus" || /^\s*$|\$|\{\{/.test(expression)) return [];
		const problem = syntaxErrorIn(expression);
		return problem === undefined
			? []
			: [
					makeReason(
						"expression-refused",
						`Grafana: ${alert.title}`,
						`Grafana's alert ${alert.title} asks Prometheus for ${expression.trim()}, which does not parse: ${problem}. Whenever it is evaluated, that fails.`,
						{ wayOut: "Correct the query in grafana.alerting." },
					),
				];
	});
}

function conditionOfNothing(alert: GrafanaAlert): Reason[] {
	const condition = textAt(alert, "condition");
	const names = listAt(alert, "data").map((each) => textAt(each, "refId"));
	return condition === "" ||
		names.length === 0 ||
		condition.includes("$") ||
		names.includes(condition)
		? []
		: [
				makeReason(
					"alert-blind",
					`Grafana: ${alert.title}`,
					`The condition of Grafana's alert ${alert.title} is ${condition}, and its queries are ${names.join(", ")}: whenever it is evaluated, that fails.`,
					{ wayOut: "Name one of its queries as the condition." },
				),
			];
}

/** Grafana's own, and those of expressions. */
const builtIn =
	/^(__expr__|-100|grafana|-- (Grafana|Mixed|Dashboard) --|\$.*|)$/;

/**
 * Datasources that an alert asks, nobody provisions and none asked before. If none is provisioned at all, they are in the
 * database. Of one that is no longer provisioned another comparison tells.
 */
function unknownDatasources(a: Side, b: Side): Reason[] {
	const { alerts, datasources } = provisionedIn(b);
	if (datasources.length === 0) return [];
	const before = provisionedIn(a);
	const known = new Set([
		...[...before.datasources, ...datasources].flatMap(uidsOf),
		...before.alerts.flatMap(askedBy),
	]);
	const elsewhere = JSON.stringify(b.companions ?? []);
	return alerts.flatMap((alert) =>
		askedBy(alert)
			.filter(
				(uid) =>
					!builtIn.test(uid) && !known.has(uid) && !elsewhere.includes(uid),
			)
			.map((uid) =>
				makeReason(
					"grafana-alert-changed",
					`${alert.title} → ${uid}`,
					`Grafana's alert ${alert.title} asks the datasource with the uid ${uid}, which your values do not provision: unless it was made in the browser, the alert has no data.`,
					{ wayOut: "Name the uid of a datasource that there is." },
				),
			),
	);
}

function askedBy(alert: GrafanaAlert): string[] {
	const uids = listAt(alert, "data").map((each) =>
		textAt(each, "datasourceUid"),
	);
	return [...new Set(uids)];
}

/** Its own uid, or that which Grafana makes from its name. */
function uidsOf({ name, uid }: ProvisionedDatasource): string[] {
	const made = createHash("sha256").update(name).digest("hex").slice(0, 16);
	return [uid || `P${made.toUpperCase()}`];
}

/** What Grafana can send to: https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/ */
const receiverTypes = new Set([
	...["prometheus-alertmanager", "dingding", "discord", "email", "googlechat"],
	...["jira", "kafka", "line", "mqtt", "oncall", "opsgenie", "pagerduty"],
	...["pushover", "sensugo", "slack", "sns", "teams", "telegram", "threema"],
	...["victorops", "webex", "webhook", "wecom"],
]);
/** The newest major version whose list that is. */
const listOf = 12;

function unknownTypes(side: Side): Reason[] {
	const { contactPoints } = provisionedIn(side);
	const isNewer = (versionOf(side, "grafana")?.major ?? 0) > listOf;
	return contactPoints.flatMap(({ name, receivers }) =>
		receivers
			.map((each) => textAt(each, "type"))
			.filter(
				(type) =>
					type !== "" &&
					!type.includes("$") &&
					!receiverTypes.has(type.toLowerCase()),
			)
			.map((type) =>
				makeReason(
					"notification-fails",
					`Grafana's contact point ${name}`,
					isNewer
						? `Grafana's contact point ${name} is of the type ${type}, which Grafana ${listOf} does not know: if yours does not, either, it does not start.`
						: `Grafana's contact point ${name} is of the type ${type}, which Grafana does not know: it refuses its provisioning, and does not start.`,
					{
						danger: isNewer ? "review" : "unsafe",
						wayOut: "Correct the type in grafana.alerting.",
					},
				),
			),
	);
}

/** Uids that several alerts of one organisation have, and had not before. */
function sharedUids(a: Side, b: Side): Reason[] {
	const found = (side: Side) =>
		provisionedIn(side).alertGroups.flatMap(({ name, orgId, rules }) =>
			rules.map(({ title, uid }) => ({
				uid,
				name: `${title} (${name})`,
				scope: String(orgId),
			})),
		);
	return newlySharedUids(found(a), found(b)).map(({ uid, names }) =>
		makeReason(
			"grafana-alert-gone",
			`uid ${uid}`,
			`Grafana's alerts ${names.join(" and ")} have the same uid, ${uid}: it keeps only one of them.`,
			{ wayOut: "Give each alert a uid of its own." },
		),
	);
}
