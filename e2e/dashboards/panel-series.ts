import type { Datasource, GrafanaClient } from "../clients/grafana.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql/expressions.ts";

/** As many as a graph shows at most: a limit below that is noticed. */
const written = 100;

/** Writes series that nothing else can have written, and waits until a panel gets all of them. */
export async function expectToDraw(
	prometheus: PrometheusClient,
	grafana: GrafanaClient,
	{ name, uid, type, jsonData }: Datasource,
	run: string,
): Promise<void> {
	const metric = "o11y_e2e_datasource";
	const value = clusterNow() % 1_000_000;
	const series = Array.from({ length: written }, (_, i) => ({
		labels: { __name__: metric, run, series: String(i) },
		samples: [{ timestamp: clusterNow(), value }],
	}));
	// A datasource may lead to any replica, and Thanos to all of them.
	for (const one of await prometheus.each()) await one.write(series);
	const expr = `max by (series) (${makeSelector(metric, { run })}) == ${value}`;
	await eventually(
		`a panel gets ${written} series of ${run} by datasource ${name}`,
		budgets.request,
		async () => {
			const now = clusterNow();
			const results = await grafana.query({
				from: String(now - 60_000),
				to: String(now),
				queries: [
					{ refId: "A", expr, instant: true, datasource: { uid, type } },
				],
			});
			const { error, rows = 0 } = results.get("A") ?? {};
			if (error !== undefined) return notYet(`Grafana answers: ${error}`);
			if (rows !== written)
				return notYet(
					`it gets ${rows}; the datasource's settings are ${JSON.stringify(jsonData)}`,
				);
		},
	);
}
