import { parseDuration } from "../../../common/duration.ts";
import { parseSize } from "../../../common/sizes.ts";

/** Whether Prometheus keeps data for a shorter time; the operator's own default is 24h. */
export function isShorter(to: unknown, from: unknown): boolean {
	const read = (value: unknown) => parseDuration(String(value ?? "24h"));
	return isLess(read, to, from);
}

/** Whether Prometheus keeps fewer bytes; an absent size and 0 are no limit. */
export function isSmaller(to: unknown, from: unknown): boolean {
	const read = (value: unknown) =>
		parseSize(String(value || "0")) || Number.POSITIVE_INFINITY;
	return isLess(read, to, from);
}

/** What cannot be read is not less: the API server refuses it, see api/readable-amounts.ts. */
function isLess(
	read: (value: unknown) => number,
	to: unknown,
	from: unknown,
): boolean {
	try {
		return read(to) < read(from);
	} catch {
		return false;
	}
}
