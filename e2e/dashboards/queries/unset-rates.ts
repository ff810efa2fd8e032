import type { Datasource } from "../../clients/grafana.ts";
import type { VariableValues } from "./interpolation.ts";
import type { Panel } from "./model.ts";
import { makePanelRequest, type PanelRequest } from "./panel-request.ts";
import type { QueriedRange } from "./time.ts";

const rate = /\$(__rate_interval\b|\{__rate_interval\})/g;

/** What Grafana takes for a timeInterval that is not set, in milliseconds. */
const unset = 15_000;

/** A panel's queries with `$__rate_interval`, as they would be if no datasource had a timeInterval. */
export function makeUnsetRates(
	panel: Panel,
	values: VariableValues,
	datasources: readonly Datasource[],
	range: QueriedRange,
): PanelRequest {
	const request = makePanelRequest(
		panel,
		values,
		datasources.map((each) => ({
			...each,
			jsonData: { ...each.jsonData, timeInterval: undefined },
		})),
		range,
	);
	const asked = request.asked.filter(
		({ expression, datasource }) =>
			datasource?.type === "prometheus" && expression.search(rate) >= 0,
	);
	const queries = request.body.queries.flatMap((each) => {
		const query = asked.find(({ refId }) => refId === each.refId);
		if (!query) return [];
		const window = Math.max(query.intervalMs + unset, 4 * unset);
		return [
			{ ...each, expr: query.expression.replaceAll(rate, `${window}ms`) },
		];
	});
	return { ...request, asked, body: { ...request.body, queries } };
}
