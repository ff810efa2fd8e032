import { uniqBy } from "es-toolkit";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import { isDashboard, tryParseJson } from "./dashboard-content.ts";
import { type ProvisionedDatasource, provisionedIn } from "./provisioned.ts";

/** What asks a datasource, by the names or uids that it is asked by. */
interface DatasourceUser {
	readonly kind: "dashboard" | "alert" | "datasource";
	readonly name: string;
	readonly asks: ReadonlySet<string>;
}

/**
 * Dashboards, alerts and other datasources that name a datasource by a uid or a name that it had, and that none has any
 * more.
 *
 * @param all what is provisioned on the new side
 */
export function blindWithout(
	old: ProvisionedDatasource,
	all: readonly ProvisionedDatasource[],
	side: Side,
): Reason[] {
	const now = new Set(all.flatMap(namesOf));
	const lost = namesOf(old).filter((each) => !now.has(each));
	if (lost.length === 0) return [];
	const found = usersIn(side).flatMap(({ kind, name, asks }) => {
		const [by] = lost.filter((each) => asks.has(each));
		if (by === undefined) return [];
		if (kind === "datasource")
			return [
				makeReason(
					"datasource-changed",
					`${name} → ${by}`,
					`Grafana's datasource ${name} names the datasource ${by}, which no longer exists: what it links to it leads nowhere.`,
					{ wayOut: "Keep the uid, or change the datasource that names it." },
				),
			];
		return kind === "dashboard"
			? [
					makeReason(
						"panel-blind",
						name,
						`Panels of the dashboard ${name} name the datasource ${by}, which no longer exists.`,
						{ wayOut: "Keep the uid, or change the dashboard." },
					),
				]
			: [
					makeReason(
						"alert-blind",
						`Grafana: ${name}`,
						`Grafana's alert ${name} names the datasource ${by}, which no longer exists: it can never fire again.`,
						{ wayOut: "Keep the uid, or change the alert." },
					),
				];
	});
	return uniqBy(found, ({ subject }) => subject);
}

/** By what it is asked. Without a uid, Grafana makes one of its own, which nobody knows. */
function namesOf({ name, uid }: ProvisionedDatasource): string[] {
	return [name, ...(uid ? [uid] : [])];
}

function usersIn(side: Side): DatasourceUser[] {
	const { companions = [] } = side;
	const dashboards = [...side.objects, ...companions]
		.filter(isDashboard)
		.map((each): DatasourceUser => {
			const asks = new Set<string>();
			for (const text of dataOf(each).values())
				collect(tryParseJson(text), asks);
			return { kind: "dashboard", name: each.metadata.name, asks };
		});
	const alerts = provisionedIn(side).alerts.map((each): DatasourceUser => {
		const asks = new Set<string>();
		collect(each, asks);
		return { kind: "alert", name: each.title, asks };
	});
	const datasources = provisionedIn(side).datasources.map(
		(each): DatasourceUser => ({
			...{ kind: "datasource", name: each.name },
			asks: namedBy(each),
		}),
	);
	return [...dashboards, ...alerts, ...datasources];
}

/** The uids of others that a datasource leads to, such as from a log to its trace, or sends alerts to. */
export function namedBy(datasource: ProvisionedDatasource): Set<string> {
	const asks = new Set<string>();
	collect(at(datasource, "jsonData"), asks);
	return asks;
}

/**
 * Collects what panels, queries, annotations, variables and datasources name; a variable, such as `${datasource}`, is no
 * name.
 */
function collect(value: unknown, asks: Set<string>): void {
	if (Array.isArray(value)) {
		for (const each of value) collect(each, asks);
		return;
	}
	if (typeof value !== "object" || value === null) return;
	for (const [key, each] of Object.entries(value)) {
		const named =
			key === "datasource"
				? typeof each === "string"
					? each
					: textAt(each, "uid")
				: /^(datasourceUid|alertmanagerUid)$/.test(key)
					? String(each ?? "")
					: "";
		if (named !== "" && !named.includes("$")) asks.add(named);
		if (key !== "datasource") collect(each, asks);
	}
}
