import pLimit from "p-limit";
import type { Datasource, GrafanaClient } from "../../clients/grafana.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import type { Selector } from "../../common/promql/expressions.ts";

/** How many selectors are asked for at once. */
const atOnce = 8;

/** From when on a sample counts, in milliseconds. */
export interface Since {
	/** Of what is scraped. Older samples may be left over from before a change of the stack. */
	readonly scraped: number;
	/** Of what a rule records, which may have a long interval. */
	readonly recorded: number;
}

/** Counts the series of a selector with a sample since a moment. */
export type CountSeries = (
	datasource: Pick<Datasource, "uid">,
	selector: Selector,
	since: number,
) => Promise<number>;

/** Counts through Grafana, because a datasource may add or remove labels. */
export function countThrough(grafana: GrafanaClient): CountSeries {
	const limit = pLimit(atOnce);
	return (datasource, { text }, since) => {
		const client = new PrometheusClient(grafana.through(datasource));
		return limit(() => client.countSince(text, since));
	};
}
