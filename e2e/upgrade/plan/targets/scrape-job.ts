import { nameOf } from "../../../clients/kube-objects.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import {
	isInChart,
	podMeta,
	podsBehind,
	podsOf,
	portMetas,
	serviceMeta,
} from "./discovered.ts";
import { type Labels, relabel } from "./relabel.ts";
import type { ScrapedTarget } from "./target.ts";

/** A scrape job that names or discovers its targets, wherever it is written. */
export interface ScrapeJob {
	/** What declares it, for messages. */
	readonly owner: string;
	/** The job label, before relabelling. */
	readonly name: string;
	readonly path: string;
	/** Parameters of its URL, such as a module. */
	readonly params: Readonly<Record<string, string>>;
	readonly named: readonly NamedTargets[];
	/** Where it discovers objects of Kubernetes. */
	readonly kubernetes: readonly KubernetesDiscovery[];
	/** Whether it discovers targets in another way, such as DNS or a file. */
	readonly discoversElsewhere: boolean;
	readonly relabelings: readonly unknown[];
	readonly metricRelabelings: readonly unknown[];
	readonly honorsLabels: boolean;
}

export interface NamedTargets {
	readonly addresses: readonly string[];
	readonly labels: Readonly<Record<string, string>>;
}

export interface KubernetesDiscovery {
	/** In lower case, e.g. `endpoints`. */
	readonly role: string;
	/** All if there are none. */
	readonly namespaces: readonly string[];
}

/** What a job scrapes: things outside the chart, and what it discovers in it. */
export function targetsOfJob(side: Side, job: ScrapeJob): ScrapedTarget[] {
	return [
		...namedTargets(job),
		...discoveredTargets(side, job),
		...targetsElsewhere(job),
	];
}

function namedTargets(job: ScrapeJob): ScrapedTarget[] {
	return job.named.flatMap(({ addresses, labels }) =>
		addresses.flatMap((address) => {
			const own = relabel(
				job.relabelings,
				{ ...labelsOf(job), __address__: address, ...labels },
				// The person writes all labels that such a target has, and Prometheus adds some of its own.
				(label) => !label.startsWith("__"),
			);
			return own
				? [
						makeOwnTarget(job, address, {
							...own,
							instance: "instance" in own ? own.instance : own.__address__,
						}),
					]
				: [];
		}),
	);
}

/** Whatever else it discovers is outside the chart. */
function targetsElsewhere(job: ScrapeJob): ScrapedTarget[] {
	if (!job.discoversElsewhere && job.kubernetes.length === 0) return [];
	const own = relabel(job.relabelings, labelsOf(job), () => false);
	return own
		? [makeOwnTarget(job, `targets that ${job.owner} finds`, own)]
		: [];
}

function discoveredTargets(side: Side, job: ScrapeJob): ScrapedTarget[] {
	if (job.kubernetes.length === 0) return [];
	const pods = podsOf(side);
	const isLookedFor = (
		roles: readonly string[],
		namespace: string | undefined,
	) =>
		job.kubernetes.some(
			({ role, namespaces }) =>
				roles.includes(role) &&
				(namespaces.length === 0 || namespaces.includes(namespace ?? "")),
		);
	const candidates = [
		...objectsOf(side, "Service")
			.filter(({ metadata: { namespace } }) =>
				isLookedFor(["endpoints", "endpointslice", "service"], namespace),
			)
			.flatMap((service) =>
				podsBehind(service, pods).map((behind) => ({
					name: nameOf(service),
					labels: { ...serviceMeta(service), ...podMeta(behind) },
					ports: portMetas(service),
					behind,
				})),
			),
		...pods
			.filter(({ workload: { metadata } }) =>
				isLookedFor(["pod"], metadata.namespace),
			)
			.map((behind) => ({
				name: nameOf(behind.workload),
				labels: podMeta(behind),
				ports: [{}],
				behind,
			})),
	];
	return candidates.flatMap(({ name, labels, ports, behind }) => {
		const own = inCommon(
			ports
				.map((port) =>
					relabel(
						job.relabelings,
						{ ...labelsOf(job), ...labels, ...port },
						isInChart,
					),
				)
				.filter((each) => each !== undefined),
		);
		const target = own && {
			...makeOwnTarget(job, name, own),
			writtenPort: writtenPort(job, labels),
			pods: behind,
		};
		return target ? [target] : [];
	});
}

/** Labels of several targets as those of one; what they do not have in common is not known. */
function inCommon(all: readonly Labels[]): Labels | undefined {
	const [first, ...others] = all;
	if (!first) return undefined;
	const names = new Set(all.flatMap((each) => Object.keys(each)));
	return Object.fromEntries(
		[...names].map((name) => [
			name,
			others.every((each) => each[name] === first[name])
				? first[name]
				: undefined,
		]),
	);
}

/** Stands for the address of a pod. */
const address = "address-of-a-pod";

/** The port that relabelling puts behind the address, as from the annotation `prometheus.io/port`. */
function writtenPort(job: ScrapeJob, labels: Labels): number | undefined {
	const own = relabel(
		job.relabelings,
		{ ...labelsOf(job), ...labels, __address__: address },
		isInChart,
	);
	const [host, port] = own?.__address__?.split(":") ?? [];
	return host === address && /^\d+$/.test(port ?? "")
		? Number(port)
		: undefined;
}

function labelsOf(job: ScrapeJob): Labels {
	return {
		job: job.name,
		__metrics_path__: job.path,
		...Object.fromEntries(
			Object.entries(job.params).map(([name, value]) => [
				`__param_${name}`,
				value,
			]),
		),
	};
}

function makeOwnTarget(
	job: ScrapeJob,
	scraped: string,
	labels: Labels,
): ScrapedTarget {
	const path = labels.__metrics_path__ ?? job.path;
	return {
		owner: job.owner,
		key: `job ${job.owner} ${scraped}`,
		port: undefined,
		isPathWritten: path !== job.path,
		scraped,
		labels,
		path,
		pods: undefined,
		metricRelabelings: job.metricRelabelings,
		keptFromSamples: job.honorsLabels ? /./ : undefined,
	};
}
