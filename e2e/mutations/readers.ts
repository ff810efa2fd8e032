import { type Mutation, mustRefute } from "./catalogue.ts";
import { componentsOf } from "./together.ts";

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

/**
 * The claims that read a component of the chart, or an addon: whatever is changed in it, no other claim can notice. A
 * change of anything that is not listed here may be noticed by every claim.
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
	{ objects = [], secrets = [], addons = [], lifecycle = [], values }: Changed,
	claims: readonly string[],
): string[] {
	const changes = { values, objects, secrets, addons, lifecycle };
	const known = componentsOf(changes).map((component) => readers[component]);
	return claims.filter((id) =>
		known.some((ids) => ids === undefined || ids.includes(id)),
	);
}

type Changed = Pick<Mutation, "values"> & Partial<Mutation>;
