import { parseDuration } from "../../../common/duration.ts";
import { parseSize } from "../../../common/sizes.ts";
import { at } from "../charts/fields.ts";

/**
 * Whether Prometheus keeps data for a shorter time. Without a time the size alone decides; without both the operator
 * takes 24h.
 *
 * @param after the new spec of a Prometheus
 */
export function isShorter(after: unknown, before: unknown): boolean {
	return isLess(timeOf, after, before);
}

/** Whether Prometheus keeps fewer bytes; an absent size and 0 are no limit. */
export function isSmaller(after: unknown, before: unknown): boolean {
	return isLess(sizeOf, after, before);
}

function timeOf(spec: unknown): number {
	const time = at(spec, "retention");
	if (time) return parseDuration(String(time));
	return Number.isFinite(sizeOf(spec))
		? Number.POSITIVE_INFINITY
		: parseDuration("24h");
}

function sizeOf(spec: unknown): number {
	return (
		parseSize(String(at(spec, "retentionSize") || "0")) ||
		Number.POSITIVE_INFINITY
	);
}

/** What cannot be read is not less: the API server refuses it, see api/readable-amounts.ts. */
function isLess(
	read: (spec: unknown) => number,
	after: unknown,
	before: unknown,
): boolean {
	try {
		return read(after) < read(before);
	} catch {
		return false;
	}
}
