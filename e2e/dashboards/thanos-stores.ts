import type { Stores, ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";

/** The stores that a query asks, by kind: `sidecar`, `store`. */
type StoresByKind = Readonly<Record<string, readonly unknown[]>>;

/**
 * Waits until the query behind datasource Thanos asks stores of each kind that Thanos' own query asks. One of several
 * queries may ask the sidecar alone.
 */
export async function waitForSameStores(
	datasource: Pick<ThanosClient, "stores">,
	thanos: Pick<ThanosClient, "stores">,
): Promise<Stores> {
	return eventually(
		'datasource Thanos leads to a query that asks what thanos-query asks ("Thanos for long-term queries")',
		budgets.request,
		async () => {
			// Prometheus does not have this API. Thanos discovers its stores one after the other.
			const found = await datasource.stores();
			return whyFewerStores(found, await thanos.stores()) ?? found;
		},
	);
}

/** Why a query does not answer all that another one answers; undefined if it does. */
export function whyFewerStores(found: StoresByKind, wanted: StoresByKind) {
	const missing = ["sidecar", ...Object.keys(wanted)].filter(
		(kind) => !found[kind]?.length,
	);
	const has = Object.keys(found).filter((kind) => found[kind]?.length);
	return missing.length === 0
		? undefined
		: notYet(
				`the query of its url asks ${has.join(" and ") || "no store"}, and no ${[...new Set(missing)].join(", no ")}: what only that has is in no panel`,
			);
}
