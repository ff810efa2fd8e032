import type { BlockMeta } from "../clients/block-meta.ts";
import { timeOfUlid } from "../clients/ulid.ts";
import { formatMoment } from "../common/time-range.ts";
import type { AcknowledgedEntry, History } from "../ledger/history.ts";

/** The last number that was acknowledged until a moment in milliseconds. @throws Error when there is none */
export function findLastAcknowledged(
	history: History,
	moment: number,
): AcknowledgedEntry {
	const last = history.acknowledged.findLast(
		({ outcome }) => outcome.at <= moment,
	);
	if (!last)
		throw new Error(
			`no number was acknowledged before ${formatMoment(moment)}`,
		);
	return last;
}

/**
 * The blocks that were on disk at a moment and reach to a number: if there is none, only the WAL held it then.
 *
 * @param moment in milliseconds; blocks that were cut later got the number from the head
 */
export function findBlocksWith(
	{ timestamp }: Pick<AcknowledgedEntry, "timestamp">,
	blocks: readonly BlockMeta[],
	moment: number,
): string[] {
	return blocks
		.filter(
			({ ulid, maxTime }) => timeOfUlid(ulid) <= moment && maxTime > timestamp,
		)
		.map(({ ulid }) => ulid);
}
