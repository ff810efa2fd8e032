import type { Manifest } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { monitorKinds } from "../charts/operator-kinds.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isSelected } from "../monitoring/selectors.ts";
import { podsOf } from "./discovered.ts";
import { withoutIgnored } from "./monitored-namespaces.ts";
import { targetsOfPodMonitor } from "./pod-monitors.ts";
import { withScrapeClass } from "./scrape-classes.ts";
import { jobOfProbe, jobOfScrapeConfig } from "./scrape-configs.ts";
import { targetsOfJob } from "./scrape-job.ts";
import { targetsOfServiceMonitor } from "./service-monitors.ts";
import type { ScrapedTarget } from "./target.ts";

/** The targets of the monitors that Prometheus selects. */
export const monitoredTargets = oncePerObject(
	(side: Side): readonly ScrapedTarget[] => [
		...targetsOfMonitors(side, side.objects),
		// What else these find is not in the chart, and stays.
		...targetsOfMonitors(side, side.companions ?? []).filter(
			({ pods }) => pods !== undefined,
		),
	],
);

/**
 * What else some of the person's own monitors scrape, under a job that is known. Nothing says which metrics it has.
 *
 * @param monitors all that are beside the release by default
 */
export function targetsOutside(
	side: Side,
	monitors: readonly Manifest[] = side.companions ?? [],
): ScrapedTarget[] {
	return targetsOfMonitors(side, monitors).filter(
		({ pods, labels }) => pods === undefined && labels.job !== undefined,
	);
}

/** Monitors of the chart, and those of the person's that are beside it. */
export function monitorsIn(side: Side): Manifest[] {
	return [...side.objects, ...(side.companions ?? [])].filter(({ kind }) =>
		monitorKinds.includes(kind),
	);
}

function targetsOfMonitors(
	side: Side,
	objects: readonly Manifest[],
): ScrapedTarget[] {
	const pods = podsOf(side);
	const podLabels = objectsOf(side, "Prometheus", "PrometheusAgent").flatMap(
		(each) => listAt(each, "spec", "podTargetLabels"),
	);
	const selected = (wanted: string) =>
		objects
			.filter(({ kind }) => kind === wanted)
			.filter((each) => isSelected(side, each))
			.map((each) => withoutIgnored(side, withScrapeClass(side, each)));
	return [
		...selected("ServiceMonitor").flatMap((each) =>
			targetsOfServiceMonitor(side, each, pods, podLabels),
		),
		...selected("PodMonitor").flatMap((each) =>
			targetsOfPodMonitor(each, pods, podLabels),
		),
		...selected("Probe").flatMap((each) =>
			targetsOfJob(side, jobOfProbe(each)),
		),
		...selected("ScrapeConfig").flatMap((each) =>
			targetsOfJob(side, jobOfScrapeConfig(each)),
		),
	];
}
