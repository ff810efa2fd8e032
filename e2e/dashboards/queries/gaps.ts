import type { Datasource, GrafanaClient } from "../../clients/grafana.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import type { Selector } from "../../common/promql/expressions.ts";

/**
 * Whether no series of a selector always has two samples in a window, as it moves on by one scrape.
 *
 * @param window in milliseconds
 */
export type HasGaps = (
	datasource: Pick<Datasource, "uid">,
	selector: Selector,
	window: number,
) => Promise<boolean>;

/** @param scrapeInterval in milliseconds */
export function gapsThrough(
	grafana: GrafanaClient,
	scrapeInterval: number,
): HasGaps {
	return async (datasource, { text }, window) => {
		const client = new PrometheusClient(grafana.through(datasource));
		const steps = `${scrapeInterval}ms:${Math.ceil(scrapeInterval / 6)}ms`;
		const found = await client.query(
			`max(min_over_time(count_over_time(${text}[${window}ms])[${steps}])) < 2`,
		);
		return found.length > 0;
	};
}
