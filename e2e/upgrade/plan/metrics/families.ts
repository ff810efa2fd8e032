import { textAt } from "../charts/fields.ts";
import type { ScrapedTarget } from "../targets/target.ts";
import { isListed } from "./kube-state-metrics.ts";
import { collectorOf, isCollected } from "./node-exporter.ts";

/** A kind of target that alone has the metrics of some names. */
interface Family {
	readonly name: string;
	readonly metrics: RegExp;
	/** Whether a target is of this kind. */
	readonly is: (target: ScrapedTarget) => boolean;
	/** Whether such a target has a metric, as its settings say; all by default. */
	readonly has?: (target: ScrapedTarget, metric: string) => boolean;
}

const families: readonly Family[] = [
	{
		name: "node-exporter",
		metrics: /^node_(?!namespace_|quantile)/,
		is: isImage(/node-exporter/),
		has: (target, metric) => isCollected(argumentsOf(target), metric),
	},
	{
		name: "kube-state-metrics",
		metrics: /^kube_/,
		is: isImage(/kube-state-metrics/),
		has: (target, metric) => isListed(argumentsOf(target), metric),
	},
	{
		name: "cAdvisor",
		metrics: /^(container|machine|cadvisor)_/,
		is: (target) => /cadvisor/.test(target.path),
	},
	{
		name: "the kubelet's probes",
		metrics: /^prober_/,
		is: (target) => /\/metrics\/probes/.test(target.path),
	},
	{
		name: "the kubelet",
		metrics: /^(kubelet|volume_manager|storage_operation)_/,
		is: (target) => isJob("kubelet")(target) && target.path === "/metrics",
	},
	{
		name: "the API server",
		metrics: /^(apiserver|aggregator)_/,
		is: isJob("apiserver"),
	},
	{ name: "CoreDNS", metrics: /^coredns_/, is: isJob("coredns", "kube-dns") },
	{
		name: "etcd",
		metrics: /^etcd_(server|mvcc|disk|network|debugging|cluster)_/,
		is: isJob("kube-etcd"),
	},
	{
		name: "the scheduler",
		metrics: /^scheduler_/,
		is: isJob("kube-scheduler"),
	},
	{ name: "kube-proxy", metrics: /^kubeproxy_/, is: isJob("kube-proxy") },
	{
		name: "Alertmanager",
		metrics: /^alertmanager_/,
		is: isImage(/(^|\/)alertmanager[:@]/),
	},
	{
		name: "the operator",
		metrics: /^prometheus_operator_/,
		is: isImage(/prometheus-operator[:@]/),
	},
	{
		name: "Prometheus",
		metrics: /^prometheus_(?!operator_)/,
		is: isImage(/(^|\/)prometheus[:@]/),
	},
	{
		name: "Grafana",
		metrics: /^grafana_/,
		is: isImage(/(^|\/)grafana(-enterprise)?[:@]/),
	},
	{ name: "Thanos", metrics: /^thanos_/, is: isImage(/(^|\/)thanos[:@]/) },
];

export type SupplyKind = "has" | "may have" | "has not";

/** Whether a target has a metric. What the person scrapes may have any. */
export function supplyOf(target: ScrapedTarget, metric: string): SupplyKind {
	if (/^(up|scrape_\w+)$/.test(metric)) return "has";
	const family = families.find(({ metrics }) => metrics.test(metric));
	if (!family) return "may have";
	if (family.is(target))
		return (family.has?.(target, metric) ?? true) ? "has" : "has not";
	return families.some(({ is }) => is(target)) ? "has not" : "may have";
}

/** What a metric that a target no longer has belongs to, for messages, e.g. `the collector filesystem`. */
export function supplierOf(metric: string): string {
	const family = families.find(({ metrics }) => metrics.test(metric));
	const collector = family?.name === "node-exporter" && collectorOf(metric);
	return collector ? `the collector ${collector}` : (family?.name ?? "it");
}

function isImage(pattern: RegExp): (target: ScrapedTarget) => boolean {
	return ({ pods, path }) =>
		!/cadvisor/.test(path) &&
		(pods?.containers.some((each) => pattern.test(textAt(each, "image"))) ??
			false);
}

function isJob(...jobs: string[]): (target: ScrapedTarget) => boolean {
	return ({ labels: { job } }) => job !== undefined && jobs.includes(job);
}

function argumentsOf({ pods }: ScrapedTarget): string[] {
	return (pods?.containers ?? []).flatMap((each) => {
		const { args } = { args: [] as unknown, ...Object(each) };
		return Array.isArray(args) ? args.map(String) : [];
	});
}
