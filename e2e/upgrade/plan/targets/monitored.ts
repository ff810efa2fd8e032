import type { Manifest } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isSelected } from "../monitoring/selectors.ts";
import { podsOf } from "./discovered.ts";
import { targetsOfPodMonitor } from "./pod-monitors.ts";
import { withScrapeClass } from "./scrape-classes.ts";
import { jobOfProbe, jobOfScrapeConfig } from "./scrape-configs.ts";
import { targetsOfJob } from "./scrape-job.ts";
import { targetsOfServiceMonitor } from "./service-monitors.ts";
import type { ScrapedTarget } from "./target.ts";

/** The targets of the monitors that Prometheus selects. */
export const monitoredTargets = oncePerObject(
	(side: Side): readonly ScrapedTarget[] => {
		const pods = podsOf(side);
		const podLabels = objectsOf(side, "Prometheus", "PrometheusAgent").flatMap(
			(each) => listAt(each, "spec", "podTargetLabels"),
		);
		return [
			...selected(side, "ServiceMonitor").flatMap((each) =>
				targetsOfServiceMonitor(side, each, pods, podLabels),
			),
			...selected(side, "PodMonitor").flatMap((each) =>
				targetsOfPodMonitor(each, pods, podLabels),
			),
			...selected(side, "Probe").flatMap((each) =>
				targetsOfJob(side, jobOfProbe(each)),
			),
			...selected(side, "ScrapeConfig").flatMap((each) =>
				targetsOfJob(side, jobOfScrapeConfig(each)),
			),
		];
	},
);

function selected(side: Side, kind: string): Manifest[] {
	return objectsOf(side, kind)
		.filter((each) => isSelected(side, each))
		.map((each) => withScrapeClass(side, each));
}
