import { range } from "es-toolkit";
import { type Manifest, monitoringV1 } from "../clients/kube-objects.ts";
import { labels } from "../common/labels.ts";
import { tierLabel } from "../harness/cluster/tiers.ts";
import { makePlantedDashboard } from "./planted-dashboards.ts";
import {
	namespaceOfCopy,
	plantedMetrics,
	serviceOfTarget,
} from "./planted-names.ts";
import { makePlantedRules } from "./planted-rules.ts";
import type { Work } from "./work.ts";

/** The Deployment that serves all targets of a copy. */
export const servingApp = "app";
/** Of its source, as `makeFixtureSource` names the ConfigMap. */
const source = "sample-app-source";
const firstPort = 8080;

export interface PlantedBy {
	/** Contains Node. */
	readonly image: string;
	/** The name of the Helm release: by default, the chart's Prometheus selects by it. */
	readonly release: string;
}

/**
 * As much work once more, in a namespace of its own that does not count as a test's: one pod that listens on a port for
 * each target, monitors that find those by their Services, rules and dashboards that read what they expose.
 *
 * @param copy its number, from 1
 */
export function makePlantedWork(
	copy: number,
	work: Work,
	planting: PlantedBy,
): Manifest[] {
	return [
		{
			apiVersion: "v1",
			kind: "Namespace",
			metadata: {
				name: namespaceOfCopy(copy),
				labels: { [labels.bench]: "true" },
			},
		},
		makeDeployment(copy, work, planting),
		...range(work.targets).map((i) => makeService(copy, i, work)),
		...range(work.monitors).map((i) => makeMonitor(copy, i, planting)),
		...makePlantedRules(copy, work, planting.release),
		...work.dashboards.map((queries, i) =>
			makePlantedDashboard(copy, i, queries, work),
		),
	];
}

function makeDeployment(
	copy: number,
	{ targets }: Work,
	{ image }: PlantedBy,
): Manifest {
	const own = { app: servingApp };
	return {
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: { name: servingApp, namespace: namespaceOfCopy(copy) },
		spec: {
			selector: { matchLabels: own },
			template: {
				metadata: { labels: own },
				spec: {
					automountServiceAccountToken: false,
					nodeSelector: { [tierLabel]: "small" },
					containers: [
						{
							name: "app",
							image,
							command: ["/usr/local/bin/node", "/app/server.ts"],
							env: [
								{ name: "METRICS", value: makeExposition() },
								{ name: "PORT", value: String(firstPort) },
								{ name: "PORTS", value: String(targets) },
							],
							// Prometheus would take a port that is declared here for a further target of each Service.
							resources: { requests: { cpu: "10m", memory: "64Mi" } },
							volumeMounts: [{ name: "app", mountPath: "/app" }],
						},
					],
					volumes: [{ name: "app", configMap: { name: source } }],
				},
			},
		},
	};
}

function makeExposition(): string {
	return [
		`# TYPE ${plantedMetrics.gauge} gauge`,
		`${plantedMetrics.gauge} 1`,
		`# TYPE ${plantedMetrics.counter} counter`,
		`${plantedMetrics.counter} 1`,
		"",
	].join("\n");
}

/** Headless: no node makes rules for its address. */
function makeService(
	copy: number,
	target: number,
	{ monitors }: Work,
): Manifest {
	const port = firstPort + target;
	return {
		apiVersion: "v1",
		kind: "Service",
		metadata: {
			name: serviceOfTarget(target),
			namespace: namespaceOfCopy(copy),
			labels: selectionOf(target % monitors),
		},
		spec: {
			clusterIP: "None",
			selector: { app: servingApp },
			ports: [{ name: "metrics", port, targetPort: port }],
		},
	};
}

function makeMonitor(
	copy: number,
	monitor: number,
	{ release }: PlantedBy,
): Manifest {
	return {
		apiVersion: monitoringV1,
		kind: "ServiceMonitor",
		metadata: {
			name: `monitor-${monitor}`,
			namespace: namespaceOfCopy(copy),
			labels: { release },
		},
		spec: {
			selector: { matchLabels: selectionOf(monitor) },
			endpoints: [{ port: "metrics" }],
		},
	};
}

function selectionOf(monitor: number) {
	return { monitor: `monitor-${monitor}` };
}
