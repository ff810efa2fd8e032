import { isEqual } from "es-toolkit";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ScrapeConfig, Targets } from "../clients/prometheus-schemas.ts";
import { type NotYet, notYet } from "../common/eventually.ts";

/** A scrape pool of PodMonitor o11y-apps. */
export const appsPool = /^podMonitor\/[^/]+\/o11y-apps\/\d+$/;

/** What Prometheus scrapes, and what PodMonitor o11y-apps has discovered and dropped. */
export interface AppsTargets extends Pick<Targets, "active" | "dropped"> {
	/** The scrape pools of PodMonitor o11y-apps. */
	readonly pools: readonly string[];
	/** Why a pool's dropped targets may lack one, by the pool's name. A pool that lists all of them is not in it. */
	readonly incomplete: ReadonlyMap<string, string>;
	readonly configs: readonly ScrapeConfig[];
}

/** Reads all active targets, but the dropped ones only of PodMonitor o11y-apps: there are many in all pools. */
export async function readAppsTargets(
	prometheus: PrometheusClient,
): Promise<AppsTargets> {
	const names = await prometheus.scrapePools();
	const pools = names.filter((name) => appsPool.test(name));
	const dropped = await Promise.all(
		pools.map((scrapePool) =>
			prometheus.targets({ state: "dropped", scrapePool }),
		),
	);
	const { scrape_configs } = await prometheus.config();
	const incomplete = scrape_configs.flatMap((config) => {
		const list = dropped[pools.indexOf(config.job_name)];
		const why =
			list &&
			whyIncomplete(
				config,
				list.dropped.length,
				list.droppedCounts[config.job_name],
			);
		return why ? [[config.job_name, why] as const] : [];
	});
	// Last, because a pod that was dropped a moment ago must not be scraped now.
	const { active } = await prometheus.targets({ state: "active" });
	return {
		active,
		dropped: dropped.flatMap((each) => each.dropped),
		pools,
		incomplete: new Map(incomplete),
		configs: scrape_configs,
	};
}

/**
 * Why a pool's list of dropped targets may lack one; undefined if it holds all of them.
 *
 * @param counted how many there are, as Prometheus counts them; undefined if it is too old to
 */
export function whyIncomplete(
	{
		keep_dropped_targets: kept = 0,
		kubernetes_sd_configs = [],
	}: Pick<ScrapeConfig, "keep_dropped_targets" | "kubernetes_sd_configs">,
	listed: number,
	counted: number | undefined,
): string | undefined {
	// Such as the operator's selectorMechanism RoleSelector.
	if (kubernetes_sd_configs.some(({ selectors = [] }) => selectors.length > 0))
		return "it only discovers the pods that Kubernetes selects for it";
	if (counted === undefined)
		return kept > 0 && listed >= kept
			? `it keeps ${kept} dropped targets`
			: undefined;
	return counted > listed
		? `it keeps ${listed} of ${counted} dropped targets`
		: undefined;
}

/** Why the scrape pools are not yet those of the loaded configuration; undefined if they are, and there is one. */
export function whyNotAllPools({
	pools,
	configs,
}: Pick<AppsTargets, "pools" | "configs">): NotYet | undefined {
	const loaded = configs
		.map(({ job_name }) => job_name)
		.filter((name) => appsPool.test(name));
	if (loaded.length === 0)
		return notYet(
			"no PodMonitor o11y-apps is in the configuration that Prometheus has loaded",
		);
	return isEqual(loaded.toSorted(), pools.toSorted())
		? undefined
		: notYet(
				`it has ${pools.join(", ") || "none"}, and ${loaded.join(", ")} is loaded`,
			);
}
