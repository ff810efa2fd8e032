import { isEqual } from "es-toolkit";
import { makeReason, type Reason } from "../../reasons.ts";
import {
	type Difference,
	describeDifference,
	differencesOf,
} from "../charts/differences.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { type ProvisionedDatasource, provisionedIn } from "./provisioned.ts";

/** Grafana's datasources, contact points, policies and alerts that are removed, changed or new. */
export function compareProvisioning(a: Side, b: Side): Reason[] {
	const before = provisionedIn(a);
	const after = provisionedIn(b);
	const points = pairByKey(
		before.contactPoints,
		after.contactPoints,
		({ name }) => name,
	);
	const alerts = pairByKey(before.alerts, after.alerts, ({ title }) => title);
	return [
		...compareDatasources(before.datasources, after.datasources),
		...points.gone.map(({ name }) =>
			makeReason(
				"contact-point-gone",
				name,
				`Grafana's contact point ${name} is removed: alerts that go there reach nobody.`,
			),
		),
		...points.both
			.filter(([old, now]) => !isEqual(old, now))
			.map(([old, now]) =>
				makeReason(
					"contact-point-changed",
					now.name,
					`Grafana's contact point ${now.name} changes.`,
					// Its settings hold addresses and secrets.
					{ evidence: pathsOf(differencesOf(old, now)) },
				),
			),
		...alerts.gone.map(({ title }) =>
			makeReason(
				"grafana-alert-gone",
				title,
				`Grafana's alert ${title} is removed.`,
			),
		),
		...alerts.both
			.filter(([old, now]) => !isEqual(old, now))
			.map(([old, now]) =>
				makeReason(
					"grafana-alert-changed",
					now.title,
					`Grafana's alert ${now.title} changes.`,
					{ evidence: differencesOf(old, now).map(describeDifference) },
				),
			),
		...(isEqual(before.policies, after.policies)
			? []
			: [
					makeReason(
						"grafana-policy-changed",
						"notification policies",
						"Grafana's notification policies change: alerts may go elsewhere.",
						{
							evidence: differencesOf(before.policies, after.policies).map(
								describeDifference,
							),
						},
					),
				]),
	];
}

function compareDatasources(
	before: readonly ProvisionedDatasource[],
	after: readonly ProvisionedDatasource[],
): Reason[] {
	const { both, gone, added } = pairByKey(before, after, ({ name }) => name);
	const defaults = (list: readonly ProvisionedDatasource[]) =>
		list.filter(({ isDefault }) => isDefault).map(({ name }) => name);
	const [old] = defaults(before);
	const now = defaults(after);
	const isGone = (datasource: string) =>
		gone.some(({ name }) => name === datasource);
	return [
		...gone.map(({ name, isDefault }) =>
			makeReason(
				"datasource-gone",
				name,
				isDefault
					? `Grafana's default datasource ${name} is removed: panels that name no other have no data.`
					: `Grafana's datasource ${name} is removed: panels and alerts that use it have no data.`,
			),
		),
		...both.flatMap(([from, to]) => {
			const found = differencesOf(from, to).filter(
				({ path }) => path !== "isDefault" && path !== "version",
			);
			const matters = found.some(({ path }) =>
				/^(url|type|uid|database|access|user|orgId|jsonData\.(httpHeaderName|tls))/.test(
					path,
				),
			);
			return found.length === 0
				? []
				: [
						makeReason(
							matters ? "datasource-changed" : "object-differs",
							to.name,
							`Grafana's datasource ${to.name} changes.`,
							{ evidence: found.map(describeDifference) },
						),
					];
		}),
		...(old !== undefined && now.length <= 1 && old !== now[0] && !isGone(old)
			? [
					makeReason(
						"default-datasource-changed",
						old,
						now[0]
							? `Grafana's default datasource was ${old} and is now ${now[0]}.`
							: `Grafana has no default datasource any more; it was ${old}.`,
						now[0] ? {} : { danger: "unsafe" },
					),
				]
			: []),
		...(now.length > 1 && defaults(before).length <= 1
			? [
					makeReason(
						"two-default-datasources",
						"datasources",
						`${now.join(" and ")} are both the default datasource: Grafana does not start.`,
					),
				]
			: []),
		...added.map(({ name, type }) =>
			makeReason(
				"datasource-added",
				name,
				`Grafana's datasource ${name} (${type}) is new.`,
			),
		),
	];
}

function pathsOf(found: readonly Difference[]): string[] {
	return found.map(({ path }) => path);
}
