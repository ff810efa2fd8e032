import { memoize } from "es-toolkit";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import type { LabelMatcher } from "../../../common/promql/expressions.ts";
import { textAt } from "../charts/fields.ts";
import { isOfScrape, type ScrapedTarget } from "../targets/target.ts";
import { customSupplyOf } from "./custom-resources.ts";
import { isOffInGrafana, startedWith } from "./exporter-pods.ts";
import { isListed } from "./kube-state-metrics.ts";
import {
	collectorOf,
	type ExporterSettings,
	isCollected,
	readsTextFiles,
} from "./node-exporter.ts";
import type { SupplyKind } from "./supply-kind.ts";

/** A kind of target that alone has the metrics of some names. */
interface Family {
	readonly name: string;
	readonly metrics: RegExp;
	/** Whether a target is of this kind. */
	readonly is: (target: ScrapedTarget) => boolean;
	/** Whether such a target has series of a metric with such labels, as its settings say; all by default. */
	readonly has?: (
		target: ScrapedTarget,
		metric: string,
		matchers: readonly LabelMatcher[],
	) => boolean;
	/** Whether such a target has a metric of no family, beside those that every program has; none by default. */
	readonly others?: (target: ScrapedTarget, metric: string) => SupplyKind;
}

/** Words that the metrics of Kubernetes' own components begin with: which component has which differs by version. */
const ofKubernetes =
	/^(apiextensions|attachdetach|audit|authentication|authorization|cidrset|clientset?|cloudprovider|cronjob|csi|daemonset|deployment|disabled|endpoint|ephemeral|etcd|feature|field_validation|force|garbagecollector|get_token|hidden|horizontal_pod|job|kubernetes|leader_election|namespace|number|plugin|pod|pv|registered|replica|replication|resource|retroactive|root_ca|running|service|serviceaccount|statefulset|storage|ttl|validating|volume|watch|version)_/;

const families: readonly Family[] = [
	{
		name: "node-exporter",
		metrics: /^node_(?!namespace_|quantile)/,
		is: isImage(/node-exporter/),
		has: (target, metric, matchers) =>
			!isOfContainer(target, metric) &&
			isCollected(nodeExporterIn(target), metric, matchers),
		others: (target) =>
			readsTextFiles(nodeExporterIn(target)) ? "may have" : "has not",
	},
	{
		name: "kube-state-metrics",
		metrics: /^kube_(?!customresource_)/,
		is: isImage(/kube-state-metrics/),
		has: (target, metric, matchers) =>
			isListed(startedWith(target), metric, matchers),
		others: (target, metric) =>
			customSupplyOf(startedWith(target), target.pods?.files ?? [], metric),
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
		name: "the kubelet's resources",
		metrics: /^(pod_(cpu|memory|swap)_usage|resource_scrape_error)/,
		is: (target) => /\/metrics\/resource/.test(target.path),
	},
	{
		name: "the kubelet",
		metrics: /^(kubelet|volume_manager|storage_operation)_/,
		is: (target) => isJob("kubelet")(target) && target.path === "/metrics",
		others: like(ofKubernetes),
	},
	{
		name: "the API server",
		metrics: /^(apiserver|aggregator)_/,
		is: isJob("apiserver"),
		others: like(ofKubernetes),
	},
	{ name: "CoreDNS", metrics: /^coredns_/, is: isJob("coredns", "kube-dns") },
	{
		name: "etcd",
		metrics: /^etcd_(server|mvcc|disk|network|debugging|cluster)_/,
		is: isJob("kube-etcd"),
		others: like(/^(etcd|os)_/),
	},
	{
		name: "the scheduler",
		metrics: /^scheduler_/,
		is: isJob("kube-scheduler"),
		others: like(ofKubernetes),
	},
	{
		name: "the controller manager",
		metrics: /^(attachdetach_controller|garbagecollector_controller)_/,
		is: isJob("kube-controller-manager"),
		others: like(ofKubernetes),
	},
	{
		name: "kube-proxy",
		metrics: /^kubeproxy_/,
		is: isJob("kube-proxy"),
		others: like(ofKubernetes),
	},
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
		name: "the configuration reloader",
		metrics: /^reloader_/,
		is: isImage(/prometheus-config-reloader[:@]/),
	},
	{
		name: "Grafana",
		metrics: /^grafana_/,
		is: isImage(/(^|\/)grafana(-enterprise)?[:@]/),
		has: (target) => !isOffInGrafana(target),
		others: like(
			/^(access|ac|alert|alerting|authn|authz|cache|cortex|deprecated|frontend|iam|index|jaeger|legacy|live|loki|plugins?|pyroscope|rendering|search|server|stats|storage|tempo|tracing|unified|zanzana)_/,
		),
	},
	{ name: "Thanos", metrics: /^thanos_/, is: isImage(/(^|\/)thanos[:@]/) },
	{
		name: "the blackbox exporter",
		metrics: /^probe_/,
		is: ({ path }) => /^\/probe\b/.test(path),
		// Exporters of databases have a path of this name, too.
		others: () => "may have",
	},
];

/** Metrics of a program's runtime and of its libraries: any target may have them. */
const ofEveryProgram =
	/^(go|process|promhttp|https?|rest_client|workqueue|net_conntrack|grpc)_/;

/** Hundreds of metrics are looked for at each target. */
const familyOf = memoize((metric: string) =>
	families.find(({ metrics }) => metrics.test(metric)),
);
const kindsOf = oncePerObject((target: ScrapedTarget) =>
	families.filter(({ is }) => is(target)),
);

/** Whether a target has series of a metric. What the person scrapes may have any. */
export function supplyOf(
	target: ScrapedTarget,
	metric: string,
	matchers: readonly LabelMatcher[],
): SupplyKind {
	if (isOfScrape(metric)) return "has";
	const family = familyOf(metric);
	const own = kindsOf(target);
	if (family && own.includes(family))
		return (family.has?.(target, metric, matchers) ?? true) ? "has" : "has not";
	if (own.length === 0)
		return !family && isNamedAfter(target, metric) ? "has" : "may have";
	if (family) return "has not";
	const kinds = own.map(({ others }) => others?.(target, metric));
	return (
		(["has", "may have"] as const).find((each) => kinds.includes(each)) ??
		(ofEveryProgram.test(metric) ? "may have" : "has not")
	);
}

/** Whether a job, a monitor or a Service has the name that a metric begins with, as `smartctl-exporter` for `smartctl_device`. */
function isNamedAfter(
	{ owner, scraped, labels: { job } }: ScrapedTarget,
	metric: string,
): boolean {
	const [word = ""] = metric.split("_");
	if (word.length < 4 || ofEveryProgram.test(metric)) return false;
	return [owner, scraped, job ?? ""].some((each) =>
		(each.split("/").at(-1) ?? "").replaceAll(/\W|_/g, "").includes(word),
	);
}

/** What a metric that a target no longer has belongs to, for messages, e.g. `the collector filesystem`; undefined if no kind of target is known for it. */
export function supplierOf(metric: string): string | undefined {
	const family = familyOf(metric);
	if (family?.name !== "node-exporter") return family?.name;
	const collector = collectorOf(metric);
	return collector ? `the collector ${collector}` : "the text files";
}

/** Whether a series that was of the node is of node-exporter's container now. */
export function isOfContainer(
	{ blindTo }: ScrapedTarget,
	metric: string,
): boolean {
	return blindTo?.includes(collectorOf(metric) ?? "") ?? false;
}

function like(
	pattern: RegExp,
): (target: ScrapedTarget, metric: string) => SupplyKind {
	return (_, metric) => (pattern.test(metric) ? "may have" : "has not");
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

function nodeExporterIn(target: ScrapedTarget): ExporterSettings {
	const mounts = (target.pods?.containers ?? []).flatMap((each) =>
		listAt(each, "volumeMounts").map((mount) => textAt(mount, "mountPath")),
	);
	return { args: startedWith(target), mounts };
}
