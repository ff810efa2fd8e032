import type { LifecycleRule } from "../clients/bucket.ts";

/** A block's files are below its ULID, which begins with a digit up to 7. */
const firstOfUlid = /^[0-7]/;

/**
 * A sentence for each rule of a bucket's lifecycle by which the object store deletes blocks. What is below other prefixes, has
 * tags, or is an unfinished upload or an old version, is none.
 */
export function findExpiringRules(rules: readonly LifecycleRule[]): string[] {
	return rules.flatMap(({ ID, Status, Prefix, Filter, Expiration }) => {
		const { Days, Date: date } = Expiration ?? {};
		const prefix = Prefix ?? Filter?.And?.Prefix ?? Filter?.Prefix ?? "";
		const hasTags = Filter?.Tag !== undefined || Filter?.And?.Tag !== undefined;
		if (
			Status !== "Enabled" ||
			(Days === undefined && date === undefined) ||
			hasTags ||
			(prefix !== "" && !firstOfUlid.test(prefix))
		)
			return [];
		return [
			`what is older than the retention is to be in the bucket for long-term queries, but the bucket's lifecycle rule ${ID} deletes ${prefix === "" ? "every object" : `objects below ${prefix}`} ${Days === undefined ? `on ${date}` : `after ${Days} days`}`,
		];
	});
}
