import { z } from "zod";
import { nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { dataOf } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import {
	isInChart,
	podMeta,
	podsBehind,
	podsOf,
	serviceMeta,
} from "./discovered.ts";
import { type Labels, relabel } from "./relabel.ts";
import type { ScrapedTarget } from "./target.ts";

const scrapeJob = z.looseObject({
	job_name: z.union([z.string(), z.number()]).transform(String),
});
/** A scrape job that the person wrote, as in Prometheus' configuration. */
export type OwnJob = z.infer<typeof scrapeJob>;

/** The person's own scrape jobs, from the Secrets that Prometheus is told to read. */
export function ownJobs(side: Side): OwnJob[] {
	return objectsOf(side, "Prometheus", "PrometheusAgent").flatMap(
		(prometheus) => {
			const name = textAt(prometheus, "spec.additionalScrapeConfigs.name");
			const key = textAt(prometheus, "spec.additionalScrapeConfigs.key");
			const text = objectsOf(side, "Secret")
				.filter(
					({ metadata }) =>
						metadata.name === name &&
						metadata.namespace === prometheus.metadata.namespace,
				)
				.map((each) => dataOf(each).get(key))[0];
			const jobs = text === undefined ? [] : readYaml(text);
			return (Array.isArray(jobs) ? jobs : []).flatMap((each) => {
				const job = scrapeJob.safeParse(each);
				return job.success ? [job.data] : [];
			});
		},
	);
}

/** What the person's own jobs scrape: things outside the chart, and what they discover in it. */
export function ownTargets(side: Side): ScrapedTarget[] {
	return ownJobs(side).flatMap((job) => [
		...staticTargets(job),
		...discoveredTargets(side, job),
	]);
}

function staticTargets(job: OwnJob): ScrapedTarget[] {
	const groups = listAt(job, "static_configs");
	const labels: Labels = {
		job: job.job_name,
		__metrics_path__: textAt(job, "metrics_path") || "/metrics",
	};
	// Whatever else it discovers is outside the chart.
	return (groups.length > 0 ? groups : [{}]).flatMap((group, i) => {
		const own = relabel(
			listAt(job, "relabel_configs"),
			{ ...labels, ...textsOfGroup(group) },
			() => false,
		);
		return own ? [makeOwnTarget(job, `outside the chart ${i}`, own)] : [];
	});
}

function textsOfGroup(group: unknown): Record<string, string> {
	return z
		.record(z.string(), z.coerce.string())
		.catch({})
		.parse(at(group, "labels"));
}

/** What a job discovers in Kubernetes, of what the chart has. */
function discoveredTargets(side: Side, job: OwnJob): ScrapedTarget[] {
	const roles = new Set(
		listAt(job, "kubernetes_sd_configs").map((each) => at(each, "role")),
	);
	const pods = podsOf(side);
	const candidates = [
		...(["endpoints", "endpointslice", "service"].some((role) =>
			roles.has(role),
		)
			? objectsOf(side, "Service").flatMap((service) =>
					podsBehind(service, pods).map((behind) => ({
						name: nameOf(service),
						labels: { ...serviceMeta(service), ...podMeta(behind) },
						behind,
					})),
				)
			: []),
		...(roles.has("pod")
			? pods.map((behind) => ({
					name: nameOf(behind.workload),
					labels: podMeta(behind),
					behind,
				}))
			: []),
	];
	return candidates.flatMap(({ name, labels, behind }) => {
		const own = relabel(
			listAt(job, "relabel_configs"),
			{ ...labels, job: job.job_name },
			isInChart,
		);
		return own ? [{ ...makeOwnTarget(job, name, own), pods: behind }] : [];
	});
}

function makeOwnTarget(
	job: OwnJob,
	scraped: string,
	labels: Labels,
): ScrapedTarget {
	return {
		owner: job.job_name,
		key: `job ${job.job_name} ${scraped}`,
		scraped,
		labels,
		path: textAt(job, "metrics_path") || "/metrics",
		pods: undefined,
		metricRelabelings: listAt(job, "metric_relabel_configs"),
	};
}
