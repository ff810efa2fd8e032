import { parseDuration } from "../harness/duration.ts";
import { parseSize } from "../harness/sizes.ts";

/** How much Prometheus keeps; what is missing is not limited. */
export interface Retention {
	/** Milliseconds. */
	readonly time?: number;
	readonly bytes?: number;
}

/** Reads what Prometheus says of its retention, e.g. `6d or 8GiB`. @throws RangeError where it is neither time nor size */
export function parseRetention(text: string): Retention {
	const parts = text.split(" or ").filter(Boolean);
	const size = parts.find((part) => part.endsWith("B"));
	const time = parts.find((part) => part !== size);
	return {
		...(time && { time: parseDuration(time) }),
		...(size && { bytes: parseSize(size) }),
	};
}
