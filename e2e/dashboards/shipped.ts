import { mapValues } from "es-toolkit";
import { z } from "zod";
import { kubeObject, type Manifest } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labels } from "../common/labels.ts";
import {
	findDashboardConflicts,
	findUnread,
	readFiles,
	type ShippedDashboard,
} from "./shipped-files.ts";
import type { SidecarRules } from "./sidecar.ts";

/** The label by which Grafana's sidecar finds ConfigMaps with dashboards. */
const dashboardLabel = "grafana_dashboard";

const configMap = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
	binaryData: z.record(z.string(), z.string()).default({}),
});

/** What the sidecar takes if it is not told another. */
const defaultFolderAnnotation = "k8s-sidecar-target-directory";

/** What chart and addons ship. */
export interface Shipped {
	readonly dashboards: readonly ShippedDashboard[];
	/** Why some are not shown, or not all. */
	readonly flaws: readonly string[];
}

/** "... with the grafana_dashboard: \"1\" label". */
export const promisedSelector = `${dashboardLabel}=1`;

/** The dashboards that the chart and addons ship: those in labelled ConfigMaps that no test has planted. */
export async function readShipped(
	kube: KubeClient,
	{
		labelSelector = promisedSelector,
		folderAnnotation = defaultFolderAnnotation,
		uniqueNames = false,
	}: Partial<SidecarRules> = {},
): Promise<Shipped> {
	const listPlanted = () =>
		kube.list({
			apiVersion: "v1",
			kind: "Namespace",
			labelSelector: labels.run,
		});
	// Before and after, because namespaces come and go in between.
	const planted = await listPlanted();
	const found = await kube.list(
		{
			apiVersion: "v1",
			kind: "ConfigMap",
			labelSelector,
		},
		configMap,
	);
	planted.push(...(await listPlanted()));
	const temporary = new Set(planted.map(({ metadata }) => metadata.name));
	const shipped = found
		.filter(({ metadata }) => !temporary.has(metadata.namespace ?? ""))
		.map(({ metadata, data, binaryData }) => ({
			name: `${metadata.namespace}/${metadata.name}`,
			metadata,
			texts: {
				...data,
				...mapValues(binaryData, (base64) =>
					Buffer.from(base64, "base64").toString(),
				),
			},
		}));
	const files = shipped.flatMap(({ name: configMap, metadata, texts }) =>
		Object.entries(texts).map(([name, text]) => ({
			name,
			configMap,
			folder: metadata.annotations?.[folderAnnotation] ?? "",
			text,
			ofChart: isOfChart(metadata.labels),
		})),
	);
	const { dashboards, flaws } = readFiles(files);
	return {
		dashboards,
		flaws: [
			...findUnread(
				shipped.map(({ name, texts }) => ({ name, keys: Object.keys(texts) })),
			),
			...flaws,
			...findDashboardConflicts(files, dashboards, uniqueNames),
		],
	};
}

/** The labels by which Helm's charts say what an object belongs to. */
const ofCharts = ["chart", "helm.sh/chart", "app.kubernetes.io/part-of"];

function isOfChart(given: Readonly<Record<string, string>> = {}): boolean {
	return ofCharts.some((label) =>
		given[label]?.startsWith("kube-prometheus-stack"),
	);
}

/** A ConfigMap with a dashboard, and with this value of the label, or without the label. */
export function makeDashboard(
	namespace: string,
	name: string,
	{ title, label }: { title: string; label: string | undefined },
): Manifest {
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: {
			name,
			namespace,
			labels: label === undefined ? {} : { [dashboardLabel]: label },
		},
		data: { [`${name}.json`]: JSON.stringify(makeModel(name, title)) },
	};
}

/** The smallest dashboard that shows something. */
export function makeModel(uid: string, title: string) {
	return {
		uid,
		title,
		schemaVersion: 39,
		panels: [
			{
				id: 1,
				type: "text",
				title: "Planted",
				gridPos: { x: 0, y: 0, w: 12, h: 4 },
				options: { mode: "markdown", content: `${uid} by a test` },
			},
		],
	};
}
