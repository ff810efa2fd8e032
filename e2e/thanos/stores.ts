import type { BlockMeta } from "../clients/block-meta.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { Stores, ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import { withoutBrackets } from "../common/parsing/brackets.ts";
import { formatMoment } from "../common/time-range.ts";
import { allStartAfter, describeGateways, type Gateway } from "./gateways.ts";

type Store = Stores[string][number];

/** Stores that have the same, or parts of it, such as the store gateways of a bucket. */
interface StoreGroup {
	/** Their addresses. A query can be restricted to them. */
	readonly names: readonly string[];
	/** Milliseconds: the time range of their samples together. */
	readonly minTime: number;
	readonly maxTime: number;
}

/**
 * The sidecar and the store gateways that Thanos' query asks.
 *
 * @param pod of several sidecars that of this pod
 * @throws Error when one is missing
 */
export function findStores(
	stores: Stores,
	{ status }: Pick<Pod, "status">,
): { sidecar: StoreGroup; store: StoreGroup } {
	const sidecars = stores.sidecar ?? [];
	const [sidecar] =
		sidecars.length > 1
			? sidecars.filter(
					({ name }) =>
						status.podIP !== undefined && hostOf(name) === status.podIP,
				)
			: sidecars;
	const gateways = stores.store ?? [];
	if (!sidecar) throw new Error("Thanos' query asks no sidecar");
	if (gateways.length === 0)
		throw new Error("Thanos' query asks no store gateway");
	return { sidecar: groupOf([sidecar]), store: groupOf(gateways) };
}

function groupOf(stores: readonly Store[]): StoreGroup {
	return {
		names: stores.map(({ name }) => name),
		minTime: Math.min(...stores.map(({ minTime }) => minTime)),
		maxTime: Math.max(...stores.map(({ maxTime }) => maxTime)),
	};
}

/** Waits until Thanos' query asks the sidecar of each Prometheus and a store gateway, and all answer. */
export async function waitForStores(
	thanos: ThanosClient,
	replicas: number,
): Promise<void> {
	await eventually(
		"Thanos' query asks the sidecar of each Prometheus and a store gateway",
		budgets.scrapeInterval,
		async () => {
			const { sidecar = [], store = [] } = await thanos.stores();
			const failing = [...sidecar, ...store].find((each) => each.lastError);
			if (failing) return notYet(`${failing.name}: ${failing.lastError}`);
			if (sidecar.length !== replicas || store.length === 0)
				return notYet(
					`it asks ${sidecar.length} sidecars of ${replicas} and ${store.length} store gateways`,
				);
		},
	);
}

/**
 * Waits until a store gateway announces something as old as a block.
 *
 * @param pod as in `findStores`
 * @param readSettings of the store gateways
 * @throws HopelessError if by these they leave it out
 */
export async function waitUntilAnnounced(
	thanos: ThanosClient,
	{ ulid, minTime }: Pick<BlockMeta, "ulid" | "minTime">,
	pod: Pick<Pod, "status">,
	readSettings: () => Promise<readonly Gateway[]>,
): Promise<void> {
	await eventually(
		`a store gateway serves block ${ulid} of ${formatMoment(minTime)} ("Thanos for long-term queries")`,
		budgets.storeSync,
		async () => {
			const { store } = findStores(await thanos.stores(), pod);
			if (store.minTime <= minTime) return;
			const gateways = await readSettings();
			const seen = `nothing older than ${formatMoment(store.minTime)} is announced${describeGateways(gateways)}`;
			const asked = store.names.length;
			if (allStartAfter(gateways, asked, minTime, clusterNow()))
				throw new HopelessError(seen);
			return notYet(seen);
		},
	);
}

/**
 * Waits until a store gateway that Thanos' query asks has loaded a block.
 *
 * @param selector of a series that the block has: another replica may have uploaded a block of the same time
 * @param pod as in `findStores`
 * @param readSettings as above
 */
export async function waitUntilStored(
	thanos: ThanosClient,
	selector: string,
	{ ulid, minTime, maxTime }: BlockMeta,
	pod: Pick<Pod, "status">,
	readSettings: () => Promise<readonly Gateway[]>,
): Promise<ReturnType<typeof findStores>> {
	return eventually(
		`a store gateway has loaded block ${ulid}`,
		budgets.request,
		async () => {
			const found = findStores(await thanos.stores(), pod);
			const { maxTime: until, names: only } = found.store;
			if (until < maxTime)
				return notYet(
					`it has nothing later than ${formatMoment(until)}${describeGateways(await readSettings())}`,
				);
			const range = { from: minTime, to: maxTime - 1, only };
			const series = await thanos.rawSamples(selector, range);
			return series.length > 0
				? found
				: notYet(
						`it answers no sample of the block${describeGateways(await readSettings())}`,
					);
		},
	);
}

/** @param address as in `10.42.1.7:10901` or `[fd00::7]:10901` */
function hostOf(address: string): string {
	return withoutBrackets(address.replace(/:\d+$/, ""));
}
