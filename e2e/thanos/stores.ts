import type { Pod } from "../clients/kube-objects.ts";
import type { Stores } from "../clients/thanos.ts";

type Store = Stores[string][number];

/**
 * The sidecar and the store gateway that Thanos' query asks.
 *
 * @param pod of several sidecars that of this pod
 * @throws Error when one is missing
 */
export function findStores(
	stores: Stores,
	{ status }: Pick<Pod, "status">,
): { sidecar: Store; store: Store } {
	const sidecars = stores.sidecar ?? [];
	const [sidecar] =
		sidecars.length > 1
			? sidecars.filter(
					({ name }) =>
						status.podIP !== undefined && hostOf(name) === status.podIP,
				)
			: sidecars;
	const [store] = stores.store ?? [];
	if (!sidecar) throw new Error("Thanos' query asks no sidecar");
	if (!store) throw new Error("Thanos' query asks no store gateway");
	return { sidecar, store };
}

/** @param address as in `10.42.1.7:10901` or `[fd00::7]:10901` */
function hostOf(address: string): string {
	return address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}
