import type { QueryResult } from "../../clients/grafana/queries.ts";
import type { QueriedStack } from "./judge-query.ts";
import { madeDatasources } from "./made-datasources.ts";

const minute = 60_000;

/**
 * A stack as the queries of a unit test see it.
 *
 * @param results of expressions; others draw nothing
 * @param missing selectors without samples
 * @param excused whether what a query selects may be absent
 */
export function makeStack(
	results: Readonly<Record<string, Partial<QueryResult>>>,
	missing: readonly string[] = [],
	excused = false,
): QueriedStack {
	return {
		grafana: {
			query: async (body) => {
				const { queries } = body as {
					queries: { refId: string; expr: string }[];
				};
				return new Map(
					queries.map(({ refId, expr }) => [
						refId,
						{
							error: undefined,
							rows: 0,
							newest: undefined,
							executed: `Expr: ${expr.replaceAll("$__rate_interval", "1m0s")}\nStep: 1m0s`,
							...results[expr],
						},
					]),
				);
			},
			resources: () => {
				throw new Error("no variable asks");
			},
		},
		datasources: madeDatasources,
		live: {
			missing: async () => [...missing],
			isExcused: async () => excused,
			isRecorded: () => false,
			mayBeScarce: async (_, { metric }) => metric === "scarce",
			excuse: () => {},
		},
		hasGaps: async (_, { metric }) => metric === "sparse",
		logs: {
			prepare: async () => {},
			whyNever: async (_, expr) =>
				expr.includes("lost") ? "no label" : undefined,
			whyUnknown: async () => undefined,
		},
		scrapeInterval: minute,
		since: 100 * minute,
	};
}
