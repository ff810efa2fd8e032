import type { Stores } from "../clients/thanos.ts";

type Store = Stores[string][number];

/** The sidecar and the store gateway that Thanos' query asks. @throws Error when one is missing */
export function findStores(stores: Stores): { sidecar: Store; store: Store } {
	const [sidecar] = stores.sidecar ?? [];
	const [store] = stores.store ?? [];
	if (!sidecar) throw new Error("Thanos' query asks no sidecar");
	if (!store) throw new Error("Thanos' query asks no store gateway");
	return { sidecar, store };
}
