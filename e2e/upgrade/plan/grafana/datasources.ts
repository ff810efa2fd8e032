import { makeReason, type Reason } from "../../reasons.ts";
import {
	type Difference,
	describeDifference,
	differencesOf,
} from "../charts/differences.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { blindWithout, namedBy } from "./datasource-users.ts";
import { plainDatasource } from "./plain-provisioning.ts";
import type { ProvisionedDatasource } from "./provisioned.ts";
import { newlySharedUids } from "./shared-uids.ts";

/** Settings by which a datasource is reached, and by which dashboards name it. */
const reachedBy =
	/^(url|type|uid|database|access|user|orgId|basicAuth|withCredentials|secureJsonData|password|jsonData\.(httpHeaderName|tls|oauth|auth|sigV4))/i;

/**
 * Datasources that are removed, changed or new, and which one is the default.
 *
 * @param side the new one, whose dashboards and alerts ask for them
 */
export function compareDatasources(
	before: readonly ProvisionedDatasource[],
	after: readonly ProvisionedDatasource[],
	side: Side,
): Reason[] {
	const { both, gone, added } = pairByKey(before, after, ({ name }) => name);
	// Each organisation has a default of its own; panels are mostly in the first.
	const defaults = (list: readonly ProvisionedDatasource[]) => {
		const found = list.filter(({ isDefault }) => isDefault);
		const same = [...Map.groupBy(found, ({ orgId }) => orgId).values()];
		return (same.find(({ length }) => length > 1) ?? same[0] ?? []).map(
			({ name }) => name,
		);
	};
	const [old] = defaults(before);
	const now = defaults(after);
	const isGone = (datasource: string) =>
		gone.some(({ name }) => name === datasource);
	return [
		...gone.map((each) =>
			makeReason(
				"datasource-gone",
				each.name,
				each.isDefault
					? `Grafana's default datasource ${each.name} is removed: panels that name no other have no data.`
					: `Grafana's datasource ${each.name} is removed: panels and alerts that use it have no data.`,
				{ consequences: blindWithout(each, after, side) },
			),
		),
		...both.flatMap(([from, to]) => {
			const found = differencesOf(
				plainDatasource(from),
				plainDatasource(to),
			).filter(({ path }) => path !== "isDefault" && path !== "version");
			const matters =
				found.some(({ path }) => reachedBy.test(path)) ||
				namesUnknown(to, after) > namesUnknown(from, before);
			return found.length === 0
				? []
				: [
						makeReason(
							matters ? "datasource-changed" : "object-differs",
							to.name,
							`Grafana's datasource ${to.name} changes.`,
							{
								evidence: found.map(describeSetting),
								consequences: blindWithout(from, after, side),
							},
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
		...sharedUids(before, after),
		...added.map(({ name, type }) =>
			makeReason(
				"datasource-added",
				name,
				`Grafana's datasource ${name} (${type}) is new.`,
			),
		),
	];
}

/** How many datasources it names that are not provisioned. One that was made in the browser may be among them. */
function namesUnknown(
	datasource: ProvisionedDatasource,
	all: readonly ProvisionedDatasource[],
): number {
	const known = new Set(all.flatMap(({ name, uid }) => [name, uid ?? ""]));
	return [...namedBy(datasource)].filter((each) => !known.has(each)).length;
}

/** Uids that several datasources of one organisation have, and had not before. */
function sharedUids(
	before: readonly ProvisionedDatasource[],
	after: readonly ProvisionedDatasource[],
): Reason[] {
	const found = (list: readonly ProvisionedDatasource[]) =>
		list.map(({ uid, name, orgId }) => ({
			uid: uid ?? "",
			name,
			scope: String(orgId),
		}));
	return newlySharedUids(found(before), found(after)).map(({ uid, names }) =>
		makeReason(
			"datasource-uid-twice",
			`uid ${uid}`,
			`${names.join(" and ")} both have the uid ${uid}: Grafana does not start.`,
		),
	);
}

/** All of `secureJsonData` is secret, whatever its keys are called. */
function describeSetting(difference: Difference): string {
	const { path } = difference;
	return /^(secureJsonData|basicAuthPassword)\b/.test(path)
		? `${path}: changes (not shown)`
		: describeDifference(difference);
}
