import { z } from "zod";
import { listAt, mapAt, mapsAt } from "../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { hasReferenced } from "../links/references.ts";
import { listInSecret } from "./list-in-secret.ts";
import { type ScrapeJob, targetsOfJob } from "./scrape-job.ts";
import type { ScrapedTarget } from "./target.ts";

const scrapeJob = z.looseObject({
	job_name: z.union([z.string(), z.number()]).transform(String),
});
/** A scrape job that the person wrote, as in Prometheus' configuration. */
export type OwnJob = z.infer<typeof scrapeJob>;

/** The person's own scrape jobs, from the Secrets that Prometheus is told to read. */
export function ownJobs(side: Side): OwnJob[] {
	return objectsOf(side, "Prometheus", "PrometheusAgent").flatMap(
		(prometheus) =>
			(listInSecret(side, prometheus, "additionalScrapeConfigs") ?? []).flatMap(
				(each) => {
					const job = scrapeJob.safeParse(each);
					return job.success ? [job.data] : [];
				},
			),
	);
}

/** Whether some of them are in a Secret that cannot be read; one that was there and is gone has none. */
export function hasUnknownJobs(side: Side, other: Side): boolean {
	const field = "additionalScrapeConfigs";
	return objectsOf(side, "Prometheus", "PrometheusAgent").some((prometheus) => {
		const { namespace } = prometheus.metadata;
		const named = {
			kind: "Secret",
			name: textAt(prometheus, `spec.${field}.name`),
			key: textAt(prometheus, `spec.${field}.key`),
		} as const;
		return (
			listInSecret(side, prometheus, field) === undefined &&
			(hasReferenced(side, namespace, named) ||
				!hasReferenced(other, namespace, named))
		);
	});
}

/** What the person's own jobs scrape. */
export function ownTargets(side: Side): ScrapedTarget[] {
	return ownJobs(side).flatMap((job) => targetsOfJob(side, readJob(job)));
}

/** What the old jobs scrape, if the new ones cannot be read: they may be the same. */
export function targetsOfUnknownJobs(a: Side, b: Side): ScrapedTarget[] {
	return hasUnknownJobs(b, a) ? ownTargets(a) : [];
}

function readJob(job: OwnJob): ScrapeJob {
	return {
		owner: job.job_name,
		name: job.job_name,
		path: textAt(job, "metrics_path") || "/metrics",
		params: firstOfEach(mapAt(job, "params")),
		named: mapsAt(job, "static_configs").map((group) => ({
			addresses: listAt(group, "targets").map(String),
			labels: textsIn(at(group, "labels")),
		})),
		kubernetes: listAt(job, "kubernetes_sd_configs").map((each) => ({
			role: textAt(each, "role").toLowerCase(),
			namespaces: listAt(each, "namespaces", "names").map(String),
		})),
		discoversElsewhere: Object.keys(job).some(
			(key) =>
				key.endsWith("_sd_configs") &&
				key !== "kubernetes_sd_configs" &&
				listAt(job, key).length > 0,
		),
		relabelings: listAt(job, "relabel_configs"),
		metricRelabelings: listAt(job, "metric_relabel_configs"),
		honorsLabels: at(job, "honor_labels") === true,
	};
}

/** The texts of a map, whatever they are written as. */
export function textsIn(value: unknown): Record<string, string> {
	return z.record(z.string(), z.coerce.string()).catch({}).parse(value);
}

/** Prometheus makes a label of the first value of each parameter. */
export function firstOfEach(
	params: Readonly<Record<string, unknown>>,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(params).flatMap(([name, values]) =>
			Array.isArray(values) && values.length > 0
				? [[name, String(values[0])]]
				: [],
		),
	);
}
