import type { BlockMeta } from "../clients/block-meta.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { Stores, ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { formatMoment } from "../common/time-range.ts";

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

/**
 * Waits until the store gateway that Thanos' query asks has loaded a block.
 *
 * @param selector of a series that the block has: another replica may have uploaded a block of the same time
 * @param pod as in `findStores`
 */
export async function waitUntilStored(
	thanos: ThanosClient,
	selector: string,
	{ ulid, minTime, maxTime }: BlockMeta,
	pod: Pick<Pod, "status">,
): Promise<ReturnType<typeof findStores>> {
	return eventually(
		`the store gateway has loaded block ${ulid}`,
		budgets.request,
		async () => {
			const found = findStores(await thanos.stores(), pod);
			const { maxTime: until, name: only } = found.store;
			if (until < maxTime)
				return notYet(`it has nothing later than ${formatMoment(until)}`);
			const range = { from: minTime, to: maxTime - 1, only };
			const series = await thanos.rawSamples(selector, range);
			return series.length > 0
				? found
				: notYet("it answers no sample of the block");
		},
	);
}

/** @param address as in `10.42.1.7:10901` or `[fd00::7]:10901` */
function hostOf(address: string): string {
	return address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}
