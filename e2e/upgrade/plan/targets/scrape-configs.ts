import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt, mapAt, mapsAt } from "../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../charts/fields.ts";
import { firstOfEach, textsIn } from "./own-jobs.ts";
import type { ScrapeJob } from "./scrape-job.ts";

/** The job that the operator makes of a ScrapeConfig. */
export function jobOfScrapeConfig(object: Manifest): ScrapeJob {
	const { namespace = "", name } = object.metadata;
	return {
		owner: nameOf(object),
		name: textAt(object, "spec.jobName") || `scrapeConfig/${namespace}/${name}`,
		path: textAt(object, "spec.metricsPath") || "/metrics",
		params: firstOfEach(mapAt(object, "spec", "params")),
		named: mapsAt(object, "spec", "staticConfigs").map((group) => ({
			addresses: listAt(group, "targets").map(String),
			labels: textsIn(at(group, "labels")),
		})),
		kubernetes: listAt(object, "spec", "kubernetesSDConfigs").map((each) => ({
			role: textAt(each, "role").toLowerCase(),
			namespaces: [
				...listAt(each, "namespaces", "names").map(String),
				...(at(each, "namespaces.ownNamespace") === true ? [namespace] : []),
			],
		})),
		discoversElsewhere: Object.keys(mapAt(object, "spec")).some(
			(key) =>
				key.endsWith("SDConfigs") &&
				key !== "kubernetesSDConfigs" &&
				listAt(object, "spec", key).length > 0,
		),
		relabelings: listAt(object, "spec", "relabelings"),
		metricRelabelings: listAt(object, "spec", "metricRelabelings"),
		honorsLabels: at(object, "spec.honorLabels") === true,
	};
}

/** The job that the operator makes of a Probe. */
export function jobOfProbe(object: Manifest): ScrapeJob {
	const { namespace = "", name } = object.metadata;
	const targets = mapAt(object, "spec", "targets");
	const addresses = listAt(targets, "staticConfig", "static").map(String);
	return {
		owner: nameOf(object),
		name: textAt(object, "spec.jobName") || `probe/${namespace}/${name}`,
		path: textAt(object, "spec.prober.path") || "/probe",
		params: { module: textAt(object, "spec.module") },
		// Each target has a group of its own, because it becomes the instance.
		named: addresses.map((address) => ({
			addresses: [address],
			labels: {
				namespace,
				...textsIn(at(targets, "staticConfig.labels")),
				instance: address,
			},
		})),
		kubernetes: [],
		discoversElsewhere: at(targets, "ingress") !== undefined,
		relabelings: listAt(targets, "staticConfig", "relabelingConfigs"),
		metricRelabelings: listAt(object, "spec", "metricRelabelings"),
		honorsLabels: false,
	};
}
