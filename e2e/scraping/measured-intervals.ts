import { sum } from "es-toolkit";
import type { ExposedSample } from "../clients/exposition.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { budgets } from "../common/budgets.ts";
import { parseDuration } from "../common/duration.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { listPlantedNamespaces } from "./cluster-state.ts";
import { withoutPlantedTargets } from "./own-targets.ts";

const metric = "prometheus_target_interval_length_seconds";

/** The intervals that Prometheus has measured between scrapes of all targets with the same configured interval. */
export interface MeasuredInterval {
	/** The configured interval, as Go prints it (`1m0s`). */
	readonly configured: string;
	/** How many it has measured; a target's first scrape does not count. */
	readonly count: number;
	/** Seconds, over the last ten minutes. */
	readonly median: number;
}

/** @param samples Prometheus' own metrics */
export function readMeasuredIntervals(
	samples: readonly ExposedSample[],
): MeasuredInterval[] {
	const medianOf = (configured: string) =>
		samples.find(
			({ name, labels }) =>
				name === metric &&
				labels.interval === configured &&
				labels.quantile === "0.5",
		)?.value ?? Number.NaN;
	return samples
		.filter(({ name }) => name === `${metric}_count`)
		.map(({ labels: { interval = "" }, value }) => ({
			configured: interval,
			count: value,
			median: medianOf(interval),
		}));
}

/**
 * The measurements of intervals that targets have now: until it restarts, Prometheus also keeps those of intervals that
 * no target has any more. All of them if it does not report its targets' intervals.
 */
export function takeCurrent(
	measured: readonly MeasuredInterval[],
	active: readonly Pick<ActiveTarget, "scrapeInterval">[],
): MeasuredInterval[] {
	const current = active.flatMap(({ scrapeInterval }) =>
		scrapeInterval === undefined ? [] : [parseDuration(scrapeInterval)],
	);
	return measured.filter(
		({ configured }) =>
			current.length < active.length ||
			current.includes(parseDuration(configured)),
	);
}

/** Waits until Prometheus has measured the intervals of half of the targets that no test has planted. */
export function waitForMeasured(
	kube: KubeClient,
	prometheus: PrometheusClient,
): Promise<MeasuredInterval[]> {
	return eventually(
		"Prometheus has measured the interval of half of its targets",
		budgets.twoScrapes,
		async () => {
			const { active } = await prometheus.targets({ state: "active" });
			const intervals = takeCurrent(
				readMeasuredIntervals(await prometheus.metrics()),
				withoutPlantedTargets(active, {
					plantedNamespaces: await listPlantedNamespaces(kube),
				}),
			);
			const count = sum(intervals.map((each) => each.count));
			const wanted = Math.max(1, active.length / 2);
			return count >= wanted
				? intervals
				: notYet(`${count} of ${Math.ceil(wanted)}`);
		},
	);
}
