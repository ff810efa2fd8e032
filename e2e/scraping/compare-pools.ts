import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import type { ExpectedJob, ExpectedPool } from "./expected-pools.ts";
import { describeHealth, lacksFile } from "./target-health.ts";

/** Other pools come from ScrapeConfigs, Probes and additionalScrapeConfigs. */
const ofMonitor = /^(service|pod)Monitor\//;

/** What is known about why targets and pools are missing, besides the pools themselves. */
export interface MissingTargets {
	/** Why a job is not loaded, as a clause; undefined if nothing is known. */
	readonly whyNotLoaded: (job: ExpectedJob) => string | undefined;
	/** Why a pool may lack a target, as a clause; undefined if nothing is known. */
	readonly whyRefused: (pool: string) => string | undefined;
	/** Whether Prometheus has discovered and dropped a target of a pool, or may have. */
	readonly isDropped: (pool: string, address: string) => boolean;
	/** Whether a target is part of the cluster. */
	readonly isInCluster: (target: ActiveTarget) => boolean;
}

/**
 * Compares the pools and targets that Prometheus has with those that it should have.
 *
 * @param loaded names of the scrape configurations that Prometheus has loaded
 * @returns a sentence for each difference, with Prometheus' own error if it has one; none if they agree
 */
export function comparePools(
	{
		pools,
		others,
	}: {
		/** Of monitors. */
		readonly pools: readonly ExpectedPool[];
		readonly others: readonly ExpectedJob[];
	},
	loaded: readonly string[],
	active: readonly ActiveTarget[],
	missing: MissingTargets = {
		whyNotLoaded: () => undefined,
		whyRefused: () => undefined,
		isDropped: () => false,
		isInCluster: () => true,
	},
): string[] {
	const names = new Set(pools.map(({ name }) => name));
	const describeUnloaded = (job: ExpectedJob) => {
		const why = missing.whyNotLoaded(job);
		return `pool ${job.name} is missing from Prometheus' configuration${why ? `: ${why}` : ""}`;
	};
	return [
		...(pools.length === 0 && loaded.length === 0
			? [
					"Prometheus has no scrape configuration, and no monitor defines a scrape pool",
				]
			: []),
		...loaded
			.filter((name) => ofMonitor.test(name) && !names.has(name))
			.map((name) => `pool ${name} should not exist: no monitor defines it`),
		...others
			.filter(({ name }) => !loaded.includes(name))
			.map(describeUnloaded),
		...pools.flatMap((pool) =>
			loaded.includes(pool.name)
				? comparePool(
						pool,
						active.filter(({ scrapePool }) => scrapePool === pool.name),
						missing,
					)
				: [describeUnloaded(pool)],
		),
		...active
			.filter(
				(target) =>
					!ofMonitor.test(target.scrapePool) &&
					(missing.isInCluster(target) || lacksFile(target)),
			)
			.flatMap(describeTrouble),
	];
}

function comparePool(
	{ name, addresses, source, mustFind, leavesOut }: ExpectedPool,
	active: readonly ActiveTarget[],
	{ whyRefused, isDropped }: MissingTargets,
): string[] {
	const { unmatched, extra } = matchTargets(addresses, active);
	const cause = unmatched.length > 0 ? whyRefused(name) : undefined;
	// The homelab names the components that must be scraped, and Node Exporter on every node. Of the rest a person may
	// leave targets out, but a pool of which nothing is left is a mistake.
	const isOnPurpose = (address: string) =>
		leavesOut && active.length > 0 && isDropped(name, address);
	return [
		...(mustFind && addresses.length === 0
			? [`pool ${name} finds nothing: ${source}`]
			: []),
		...unmatched
			.filter((address) => !isOnPurpose(address))
			.map(
				(address) =>
					`pool ${name} does not have target ${address}${cause ? `: ${cause}` : leavesOut ? ": its monitor's relabelling leaves out every target" : ""}`,
			),
		...extra.map(
			({ scrapeUrl }) => `pool ${name} should not have target ${scrapeUrl}`,
		),
		...active.flatMap(describeTrouble),
	];
}

/** Whether a pool lacks one of its targets. @param active those of all pools */
export function lacksTarget(
	{ name, addresses }: Pick<ExpectedPool, "name" | "addresses">,
	active: readonly ActiveTarget[],
): boolean {
	const own = active.filter(({ scrapePool }) => scrapePool === name);
	return matchTargets(addresses, own).unmatched.length > 0;
}

function matchTargets(
	addresses: readonly string[],
	active: readonly ActiveTarget[],
): { readonly unmatched: string[]; readonly extra: ActiveTarget[] } {
	const unmatched = [...addresses];
	const extra: ActiveTarget[] = [];
	for (const target of active) {
		const index = unmatched.indexOf(addressOf(target));
		if (index < 0) extra.push(target);
		else unmatched.splice(index, 1);
	}
	return { unmatched, extra };
}

function describeTrouble(target: ActiveTarget): string[] {
	return target.health === "up"
		? []
		: [`pool ${target.scrapePool}: ${describeHealth(target)}`];
}

function addressOf({ discoveredLabels }: ActiveTarget): string {
	return discoveredLabels.__address__ ?? "";
}
