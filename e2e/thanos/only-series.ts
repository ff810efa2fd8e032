import type { RangeSeries } from "../clients/prometheus-schemas.ts";
import type { ThanosClient, ThanosQuery } from "../clients/thanos.ts";

/**
 * The samples of a selector of one series; undefined if there are none.
 *
 * @param only the addresses of the only stores to ask; all by default
 * @throws Error if there are several series
 */
export async function readOnlySeries(
	thanos: ThanosClient,
	selector: string,
	range: Pick<ThanosQuery, "from" | "to">,
	only?: readonly string[],
): Promise<RangeSeries | undefined> {
	const [found, ...others] = await thanos.rawSamples(selector, {
		...range,
		...(only && { only }),
	});
	if (others.length > 0)
		throw new Error(
			`${selector} has further series: ${others.map(({ metric }) => JSON.stringify(metric)).join(", ")}`,
		);
	return found;
}
