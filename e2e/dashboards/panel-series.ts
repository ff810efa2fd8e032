import type { Datasource, GrafanaClient } from "../clients/grafana.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql/expressions.ts";

/** As many as a graph shows at most: a limit below that is noticed. */
const written = 100;

/** "Prometheus for the last 6 days", in milliseconds. */
const sixDays = 518_400_000;
/** How many points a graph has of each series on a wide screen. */
const points = 1000;

/** Waits until a datasource reads as many samples at once as a graph of the last six days has. */
export async function expectRoomForGraph(
	grafana: GrafanaClient,
	datasource: Datasource,
): Promise<void> {
	// Nothing here is six days old: each of these samples is a number that is the same at any time.
	const step = sixDays / (written * points);
	const expr = `count_over_time(vector(1)[${sixDays}ms:${step}ms])`;
	await eventually(
		`"Prometheus for the last 6 days": datasource ${datasource.name} reads the ${written * points} samples of a graph of ${written} series`,
		budgets.request,
		async () => {
			const { error, rows } = await ask(grafana, datasource, expr);
			if (error !== undefined) return notYet(`Grafana answers: ${error}`);
			if (rows !== 1) return notYet(`it gets ${rows} results instead of one`);
		},
	);
}

/** Asks for the present result of an expression, as a panel does. */
async function ask(
	grafana: GrafanaClient,
	{ uid, type }: Pick<Datasource, "uid" | "type">,
	expr: string,
) {
	const now = clusterNow();
	const results = await grafana.query({
		from: String(now - 60_000),
		to: String(now),
		queries: [{ refId: "A", expr, instant: true, datasource: { uid, type } }],
	});
	return results.get("A") ?? { error: undefined, rows: 0 };
}

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
			const { error, rows } = await ask(grafana, { uid, type }, expr);
			if (error !== undefined) return notYet(`Grafana answers: ${error}`);
			if (rows !== written)
				return notYet(
					`it gets ${rows}; the datasource's settings are ${JSON.stringify(jsonData)}`,
				);
		},
	);
}
