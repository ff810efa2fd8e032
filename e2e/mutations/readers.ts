import { isPlainObject } from "es-toolkit";
import { type Changes, type Mutation, mustRefute } from "./catalogue.ts";

/** Each reads what every scraped component reports of itself. */
const all = ["scrape-targets", "grafana-dashboards"];
const secrets = [
	"secrets-from-doppler",
	"secrets-rotate",
	"secrets-stay-secret",
];

const alertmanager = [
	...all,
	...secrets,
	"alerts-reach-slack",
	"loki-rules",
	"placement",
];

const rules = [...all, "alerts-reach-slack", "secrets-stay-secret"];
/** Who reads any object, and what kube-state-metrics and a scrape say of it. */
const anyObject = [...all, "kube-metrics", "secrets-stay-secret"];

/**
 * The claims that read a component of the chart, a key below it, a kind of objects, or an addon: whatever is changed in
 * it, no other claim can notice. A change of anything that is not listed here may be noticed by every claim.
 */
export const readers: Readonly<Record<string, readonly string[]>> = {
	alertmanager,
	"kind AlertmanagerConfig": alertmanager,
	grafana: [
		...all,
		...secrets,
		"grafana-datasources",
		"grafana-pages",
		"grafana-persistence",
		"placement",
	],
	kubelet: [...all, "kube-metrics"],
	"kube-state-metrics": [...all, "kube-metrics", "placement"],
	"prometheus-node-exporter": [...all, "kube-metrics", "placement"],
	"prometheus.additionalPodMonitors": [...anyObject, "o11y-apps"],
	"prometheus.additionalServiceMonitors": [...anyObject, "o11y-apps"],
	"prometheus.prometheusSpec.additionalAlertRelabelConfigs": [
		...rules,
		"loki-rules",
		"secrets-from-doppler",
		"secrets-rotate",
	],
	additionalPrometheusRules: rules,
	additionalPrometheusRulesMap: rules,
	customRules: rules,
	defaultRules: rules,
	"kind PrometheusRule": rules,
	// Dashboards, mostly.
	"kind ConfigMap": [...anyObject, "grafana-datasources", "grafana-pages"],
	"kind CronJob": anyObject,
	"kind Job": anyObject,
	"kind AppProject": anyObject,
	"kind CustomResourceDefinition": anyObject,
	"kind Database": anyObject,
	bucket: ["blocks-reach-minio", "thanos-queries"],
	"addon external-secrets": [
		...all,
		...secrets,
		"alerts-reach-slack",
		"grafana-datasources",
	],
	"addon loki": [
		...all,
		"grafana-datasources",
		"loki-rules",
		"loki-tenancy",
		"secrets-stay-secret",
	],
	"addon thanos": [
		...all,
		"blocks-reach-minio",
		"grafana-datasources",
		"thanos-queries",
	],
};

/** The claims that can notice a mutation: those that it must refute, and their neighbours, which read the same component. */
export function claimsThatNotice(
	mutation: Mutation,
	claims: readonly string[],
): string[] {
	const own = mustRefute(mutation);
	const neighbours = claimsThatRead(mutation, claims);
	return claims.filter((id) => own.includes(id) || neighbours.includes(id));
}

/** The claims that read what a mutation or a healthy variation changes. */
export function claimsThatRead(
	changed: Changed,
	claims: readonly string[],
): string[] {
	const known = componentsOf(changed).map((component) => readers[component]);
	return claims.filter((id) =>
		known.some((ids) => ids === undefined || ids.includes(id)),
	);
}

/** Whether every claim may notice it. */
export function isReadByAll(changed: Changed): boolean {
	return componentsOf(changed).some(
		(component) => readers[component] === undefined,
	);
}

type Changed = Pick<Changes, "values"> & Partial<Changes>;

/** What is changed: components of the chart by their keys, or by longer ones that are listed; kinds of objects; addons. */
export function componentsOf({
	values,
	objects = [],
	secrets = [],
	addons = [],
	lifecycle = [],
}: Changed): string[] {
	// A Secret does nothing until a component refers to it.
	const kinds = objects.flatMap(({ kind }) => (kind === "Secret" ? [] : kind));
	const components = [
		...Object.entries(values).flatMap(([key, value]) => keysIn(key, value)),
		...kinds.map((kind) => `kind ${kind}`),
		...addons.map(({ name }) => `addon ${name}`),
		...lifecycle.map(() => "bucket"),
	];
	return components.length > 0 || secrets.length === 0
		? components
		: ["kind Secret"];
}

/** The keys at or below a key, as far down as `readers` lists any. */
function keysIn(key: string, value: unknown): string[] {
	const isSplit = Object.keys(readers).some((each) =>
		each.startsWith(`${key}.`),
	);
	return isSplit && isPlainObject(value)
		? Object.entries(value).flatMap(([name, below]) =>
				keysIn(`${key}.${name}`, below),
			)
		: [key];
}
