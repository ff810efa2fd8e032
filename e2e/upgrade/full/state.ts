import { z } from "zod";
import type { AlertmanagerClient } from "../../clients/alertmanager.ts";
import { kubeObject } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type { Alert } from "../../clients/prometheus-schemas.ts";
import { findUnreconciled } from "../../harness/readiness/unreconciled.ts";
import { isDashboard } from "../plan/grafana/dashboard-content.ts";
import {
	type GrafanaState,
	type LockedGrafana,
	readGrafana,
} from "./grafana.ts";

/** The parts of the cluster that answer questions. */
export interface Stack {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	readonly alertmanager: AlertmanagerClient;
	readonly namespace: string;
}

/** What a stack has at one moment, according to its own APIs. */
export interface State {
	/** Targets that are up, by scrape pool. */
	readonly targets: ReadonlyMap<string, number>;
	/** Rules that are loaded, as `alerting Watchdog`. */
	readonly rules: ReadonlySet<string>;
	/** ConfigMaps with dashboards, as `namespace/name`. */
	readonly dashboards: ReadonlySet<string>;
	/** UIDs of volume claims by name. */
	readonly volumeClaims: ReadonlyMap<string, string>;
	readonly firing: readonly Alert[];
	/** Alerts whose condition holds, but not for long enough yet. */
	readonly pending: readonly Alert[];
	/** What the operator could not reconcile, a sentence each. */
	readonly unreconciled: readonly string[];
	/** Undefined if there is none. */
	readonly grafana: GrafanaState | LockedGrafana | undefined;
}

export async function readState({
	kube,
	prometheus,
	namespace,
}: Stack): Promise<State> {
	const [
		{ active },
		groups,
		configMaps,
		volumeClaims,
		alerts,
		unreconciled,
		grafana,
	] = await Promise.all([
		prometheus.targets({ state: "active" }),
		prometheus.ruleGroups(),
		kube.list({ apiVersion: "v1", kind: "ConfigMap" }, configMap),
		kube.list({
			apiVersion: "v1",
			kind: "PersistentVolumeClaim",
			namespace,
		}),
		prometheus.alerts(),
		findUnreconciled(kube, namespace),
		readGrafana(kube, namespace),
	]);
	const up = active.filter(({ health }) => health === "up");
	return {
		targets: new Map(
			[...Map.groupBy(up, ({ scrapePool }) => scrapePool)].map(
				([pool, found]) => [pool, found.length],
			),
		),
		rules: new Set(
			groups.flatMap(({ rules }) =>
				rules.map(({ type, name }) => `${type} ${name}`),
			),
		),
		dashboards: new Set(
			configMaps
				.filter(isDashboard)
				.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
		),
		volumeClaims: new Map(
			volumeClaims.map(({ metadata }) => [metadata.name, metadata.uid]),
		),
		firing: alerts.filter(({ state }) => state === "firing"),
		pending: alerts.filter(({ state }) => state === "pending"),
		unreconciled,
		grafana,
	};
}

const configMap = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});

/** Identifies an alert before and after the upgrade. */
export function alertKey({ labels }: Pick<Alert, "labels">): string {
	// These change when a pod is replaced.
	const { instance: _, pod: __, uid: ___, ...rest } = labels;
	return JSON.stringify(
		Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}
