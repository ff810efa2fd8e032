import { z } from "zod";
import { kubeObject, type Manifest } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labels } from "../common/labels.ts";

/** The label by which Grafana's sidecar finds ConfigMaps with dashboards. */
const dashboardLabel = "grafana_dashboard";

const configMap = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});
const model = z.looseObject({ uid: z.string().optional(), title: z.string() });

/** A dashboard in a ConfigMap. */
export interface ShippedDashboard {
	/** `namespace/name` of the ConfigMap, and the file's name. */
	readonly source: string;
	readonly title: string;
	/** Undefined if Grafana is to generate one. */
	readonly uid: string | undefined;
}

/**
 * The dashboards that the chart and addons ship: those in labelled ConfigMaps that no test has planted.
 *
 * @param labelSelector by default the promised label
 */
export async function readShippedDashboards(
	kube: KubeClient,
	labelSelector = `${dashboardLabel}=1`,
): Promise<ShippedDashboard[]> {
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
	return found
		.filter(({ metadata }) => !temporary.has(metadata.namespace ?? ""))
		.flatMap(({ metadata, data }) =>
			Object.entries(data)
				.filter(([file]) => file.endsWith(".json"))
				.map(([file, text]) => {
					const source = `${metadata.namespace}/${metadata.name}/${file}`;
					return { source, ...readModel(text, source) };
				}),
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

/** @throws Error naming the ConfigMap's file that is no dashboard */
function readModel(text: string, source: string) {
	try {
		const { title, uid } = model.parse(JSON.parse(text));
		return { title, uid };
	} catch (error) {
		throw new Error(
			`${source} is no dashboard: it must be JSON with a title, or Grafana leaves it out`,
			{ cause: error },
		);
	}
}
