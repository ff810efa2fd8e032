import { parseDuration } from "../../../common/duration.ts";
import { parseSize } from "../../../common/sizes.ts";

/** Whether Prometheus keeps data for a shorter time; the operator's own default is 24h. */
export function isShorter(to: unknown, from: unknown): boolean {
	const read = (value: unknown) => parseDuration(String(value ?? "24h"));
	return readOr0(read, to) < readOr0(read, from);
}

/** Whether Prometheus keeps fewer bytes; an absent size and 0 are no limit. */
export function isSmaller(to: unknown, from: unknown): boolean {
	const read = (value: unknown) =>
		parseSize(String(value || "0")) || Number.POSITIVE_INFINITY;
	return readOr0(read, to) < readOr0(read, from);
}

/** The API server refuses what cannot be read, so nothing is kept by it. */
function readOr0(read: (value: unknown) => number, value: unknown): number {
	try {
		return read(value);
	} catch {
		return 0;
	}
}
