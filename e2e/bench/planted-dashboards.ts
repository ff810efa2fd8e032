import { range } from "es-toolkit";
import type { Manifest } from "../clients/kube-objects.ts";
import {
	namespaceOfCopy,
	plantedMetrics,
	selectPlanted,
} from "./planted-names.ts";
import { ofDashboards, type Work } from "./work.ts";

/** How many targets further on each dashboard begins. */
const spread = 7;

/** The uid of a copy's dashboard. */
export function uidOfDashboard(copy: number, dashboard: number): string {
	return `scale-${copy}-${dashboard}`;
}

/** A ConfigMap with a dashboard of so many queries, a panel for each. */
export function makePlantedDashboard(
	copy: number,
	dashboard: number,
	queries: number,
	work: Work,
): Manifest {
	const uid = uidOfDashboard(copy, dashboard);
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: {
			name: `dashboard-${dashboard}`,
			namespace: namespaceOfCopy(copy),
			labels: { ...ofDashboards },
		},
		data: {
			// The sidecar puts all files into one folder.
			[`${uid}.json`]: JSON.stringify({
				uid,
				title: `Scale ${copy}, dashboard ${dashboard}`,
				schemaVersion: 39,
				time: { from: "now-1h", to: "now" },
				// As the chart's have it: a person chooses the datasource.
				templating: {
					list: [
						{
							name: "datasource",
							label: "Data source",
							type: "datasource",
							query: "prometheus",
						},
					],
				},
				panels: range(queries).map((i) => makePanel(copy, dashboard, i, work)),
			}),
		},
	};
}

/**
 * By turns a value and a rate, as most panels show one of them. Dashboards begin at targets of their own: few of their
 * queries select the same.
 */
function makePanel(copy: number, dashboard: number, i: number, work: Work) {
	const select = (metric: string) =>
		selectPlanted(metric, copy, dashboard * spread + i, work);
	const expr =
		i % 2 === 0
			? select(plantedMetrics.gauge)
			: `sum by (job) (rate(${select(plantedMetrics.counter)}[$__rate_interval]))`;
	return {
		id: i + 1,
		type: "timeseries",
		title: `Panel ${i}`,
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable
		datasource: { type: "prometheus", uid: "${datasource}" },
		gridPos: { x: (i % 2) * 12, y: 8 * Math.floor(i / 2), w: 12, h: 8 },
		targets: [{ refId: "A", expr }],
	};
}
