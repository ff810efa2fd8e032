import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isSelected } from "../monitoring/selectors.ts";
import {
	isInChart,
	type Pods,
	podMeta,
	podsBehind,
	podsOf,
	serviceMeta,
} from "./discovered.ts";
import { relabel } from "./relabel.ts";
import type { ScrapedTarget } from "./target.ts";

/** The targets of the monitors that Prometheus selects. */
export function monitoredTargets(side: Side): ScrapedTarget[] {
	const pods = podsOf(side);
	return [
		...selected(side, "ServiceMonitor").flatMap((each) =>
			targetsOfServiceMonitor(side, each, pods),
		),
		...selected(side, "PodMonitor").flatMap((each) =>
			targetsOfPodMonitor(each, pods),
		),
		...selected(side, "Probe", "ScrapeConfig").map(targetOfOther),
	];
}

function selected(side: Side, ...kinds: string[]): Manifest[] {
	return objectsOf(side, ...kinds).filter((each) => isSelected(side, each));
}

function targetsOfServiceMonitor(
	side: Side,
	monitor: Manifest,
	pods: readonly Pods[],
): ScrapedTarget[] {
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	if (!selector.success) return [];
	const services = servicesOf(side, monitor);
	const jobLabel = textAt(monitor, "spec.jobLabel");
	return listAt(monitor, "spec", "endpoints").flatMap((endpoint, i) => {
		const found = services.flatMap((service) =>
			targetOfService(monitor, endpoint, i, service, pods, jobLabel),
		);
		if (found.length > 0) return found;
		// The Services of the kubelet and the API server are not in the chart.
		const job = selector.data.matchLabels[jobLabel];
		return isFromOutside(monitor)
			? [
					makeTarget(monitor, endpoint, i, {
						scraped: `Services that ${nameOf(monitor)} selects`,
						labels: { job },
						pods: undefined,
					}),
				].flatMap((each) => each ?? [])
			: [];
	});
}

/** The Services of the chart that a monitor selects. */
export function servicesOf(side: Side, monitor: Manifest): Manifest[] {
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	return objectsOf(side, "Service").filter(
		(each) =>
			selector.success &&
			isInNamespace(monitor, each.metadata.namespace) &&
			selects(selector.data, each.metadata.labels ?? {}),
	);
}

/** The control plane is not part of the chart. */
export function isFromOutside(monitor: Manifest): boolean {
	const { metadata } = monitor;
	const namespaces = listAt(monitor, "spec", "namespaceSelector", "matchNames");
	return (
		at(monitor, "spec.namespaceSelector.any") === true ||
		namespaces.some((each) => each !== metadata.namespace)
	);
}

function isInNamespace(
	monitor: Manifest,
	namespace: string | undefined,
): boolean {
	if (at(monitor, "spec.namespaceSelector.any") === true) return true;
	const names = listAt(monitor, "spec", "namespaceSelector", "matchNames");
	return names.length > 0
		? names.includes(namespace)
		: namespace === monitor.metadata.namespace;
}

function targetOfService(
	monitor: Manifest,
	endpoint: unknown,
	i: number,
	service: Manifest,
	pods: readonly Pods[],
	jobLabel: string,
): ScrapedTarget[] {
	const port = at(endpoint, "port");
	const ports = listAt(service, "spec", "ports");
	const own = ports.find((each) => at(each, "name") === port);
	if (port !== undefined && port !== "" && !own) return [];
	const behind = podsBehind(service, pods);
	const hasSelector =
		Object.keys(asObject(at(service, "spec.selector"))).length > 0;
	// A Service without pods has no endpoints; those of the control plane are not in the chart.
	const arePodsElsewhere =
		hasSelector && service.metadata.namespace !== monitor.metadata.namespace;
	if (hasSelector && !arePodsElsewhere && behind.length === 0) return [];
	const first = behind.find(({ containers }) => declares(containers, own));
	const labels = {
		...serviceMeta(service),
		...(behind[0] && podMeta(behind[0])),
		namespace: service.metadata.namespace,
		service: service.metadata.name,
		endpoint: String(port ?? at(endpoint, "targetPort") ?? ""),
		job: String(
			asObject(service.metadata.labels)[jobLabel] ?? service.metadata.name,
		),
	};
	const target = makeTarget(monitor, endpoint, i, {
		scraped: nameOf(service),
		labels,
		pods: first ?? behind[0],
	});
	return target ? [target] : [];
}

/** Whether one of the containers has the port that a Service leads to. */
function declares(containers: readonly unknown[], port: unknown): boolean {
	const wanted = at(port, "targetPort") ?? at(port, "port");
	return containers.some((each) =>
		listAt(each, "ports").some(
			(own) =>
				at(own, "name") === wanted || at(own, "containerPort") === wanted,
		),
	);
}

function targetsOfPodMonitor(
	monitor: Manifest,
	pods: readonly Pods[],
): ScrapedTarget[] {
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	if (!selector.success) return [];
	const jobLabel = textAt(monitor, "spec.jobLabel");
	const usual = `${monitor.metadata.namespace}/${monitor.metadata.name}`;
	const own = pods.filter(
		({ workload, labels }) =>
			isInNamespace(monitor, workload.metadata.namespace) &&
			selects(selector.data, labels),
	);
	return listAt(monitor, "spec", "podMetricsEndpoints").flatMap(
		(endpoint, i) =>
			own.length > 0
				? own.flatMap((each) => {
						const target = makeTarget(monitor, endpoint, i, {
							scraped: nameOf(each.workload),
							labels: {
								...podMeta(each),
								namespace: each.workload.metadata.namespace,
								job: each.labels[jobLabel] ?? usual,
							},
							pods: each,
						});
						return target ? [target] : [];
					})
				: [
						makeTarget(monitor, endpoint, i, {
							scraped: `pods that ${nameOf(monitor)} selects`,
							labels: { job: jobLabel ? undefined : usual },
							pods: undefined,
						}),
					].flatMap((each) => each ?? []),
	);
}

function targetOfOther(object: Manifest): ScrapedTarget {
	const { namespace, name } = object.metadata;
	const kind = object.kind === "Probe" ? "probe" : "scrapeConfig";
	return {
		owner: nameOf(object),
		key: nameOf(object),
		scraped: `targets of ${nameOf(object)}`,
		labels: {
			job: textAt(object, "spec.jobName") || `${kind}/${namespace}/${name}`,
		},
		path: textAt(object, "spec.metricsPath") || "/metrics",
		pods: undefined,
		metricRelabelings: listAt(object, "spec", "metricRelabelings"),
	};
}

function makeTarget(
	monitor: Manifest,
	endpoint: unknown,
	i: number,
	found: Pick<ScrapedTarget, "scraped" | "labels" | "pods">,
): ScrapedTarget | undefined {
	const path = textAt(endpoint, "path") || "/metrics";
	const labels = relabel(
		listAt(endpoint, "relabelings"),
		{ ...found.labels, __metrics_path__: path },
		(label) => found.pods !== undefined && isInChart(label),
	);
	if (!labels) return undefined;
	const port = at(endpoint, "port") ?? at(endpoint, "targetPort") ?? i;
	return {
		owner: nameOf(monitor),
		key: `${nameOf(monitor)} ${port} ${path} ${found.scraped}`,
		scraped: found.scraped,
		labels,
		path,
		pods: found.pods,
		metricRelabelings: listAt(endpoint, "metricRelabelings"),
	};
}
