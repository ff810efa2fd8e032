import type { ThanosClient, ThanosQuery } from "../clients/thanos.ts";
import type { TimeRange } from "../common/time-range.ts";
import type { StoredSample } from "../ledger/history.ts";

interface Which extends Pick<ThanosQuery, "from" | "to"> {
	/** Whose samples are left out. */
	readonly without: TimeRange;
	/** The addresses of the only stores to ask; all by default. */
	readonly only?: readonly string[] | undefined;
}

/**
 * The samples of a selector of one series; undefined if there is none.
 *
 * @throws Error if there are several series
 */
export async function readOnlySeries(
	thanos: ThanosClient,
	selector: string,
	{ from, to, only, without: { minTime, maxTime } }: Which,
): Promise<StoredSample[] | undefined> {
	const [found, ...others] = await thanos.rawSamples(selector, {
		from,
		to,
		...(only && { only }),
	});
	if (others.length > 0)
		throw new Error(
			`${selector} has further series: ${others.map(({ metric }) => JSON.stringify(metric)).join(", ")}`,
		);
	return found?.values.filter(
		({ timestamp }) => timestamp < minTime || timestamp >= maxTime,
	);
}
