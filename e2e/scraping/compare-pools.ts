import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import type { ExpectedPool } from "./expected-pools.ts";

/** Other pools come from ScrapeConfigs, Probes and additionalScrapeConfigs. */
const ofMonitor = /^(service|pod)Monitor\//;

/**
 * Compares the pools and targets that Prometheus has with those that it should have.
 *
 * @param loaded names of the scrape configurations that Prometheus has loaded
 * @param whyRefused why a pool may lack a target, as a clause; undefined if nothing is known
 * @returns a sentence for each difference, with Prometheus' own error if it has one; none if they agree
 */
export function comparePools(
	expected: readonly ExpectedPool[],
	loaded: readonly string[],
	active: readonly ActiveTarget[],
	whyRefused: (pool: string) => string | undefined = () => undefined,
): string[] {
	const names = new Set(expected.map(({ name }) => name));
	return [
		...loaded
			.filter((name) => ofMonitor.test(name) && !names.has(name))
			.map((name) => `pool ${name} should not exist: no monitor defines it`),
		...expected.flatMap((pool) =>
			loaded.includes(pool.name)
				? comparePool(
						pool,
						active.filter(({ scrapePool }) => scrapePool === pool.name),
						whyRefused(pool.name),
					)
				: [
						`pool ${pool.name} is missing from Prometheus' configuration: its monitor was not selected, or refused`,
					],
		),
		...active
			.filter(({ scrapePool }) => !ofMonitor.test(scrapePool))
			.flatMap(describeTrouble),
	];
}

function comparePool(
	{ name, addresses, source, mustFind }: ExpectedPool,
	active: readonly ActiveTarget[],
	cause: string | undefined,
): string[] {
	const unmatched = [...addresses];
	const extra: ActiveTarget[] = [];
	for (const target of active) {
		const index = unmatched.indexOf(addressOf(target));
		if (index < 0) extra.push(target);
		else unmatched.splice(index, 1);
	}
	return [
		...(mustFind && addresses.length === 0
			? [`pool ${name} finds nothing: ${source}`]
			: []),
		...unmatched.map(
			(address) =>
				`pool ${name} does not have target ${address}${cause ? `: ${cause}` : ""}`,
		),
		...extra.map(
			({ scrapeUrl }) => `pool ${name} should not have target ${scrapeUrl}`,
		),
		...active.flatMap(describeTrouble),
	];
}

function describeTrouble(target: ActiveTarget): string[] {
	return target.health === "up"
		? []
		: [`pool ${target.scrapePool}: ${describeHealth(target)}`];
}

/** A target's health, with its last error. */
export function describeHealth(target: ActiveTarget): string {
	const { scrapeUrl, health, lastError } = target;
	if (health === "unknown") return `${scrapeUrl} has not been scraped yet`;
	return `${scrapeUrl} is ${health}${lastError ? `: ${lastError}` : ""}`;
}

function addressOf({ discoveredLabels }: ActiveTarget): string {
	return discoveredLabels.__address__ ?? "";
}
