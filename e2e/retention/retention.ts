import { parseDuration } from "../harness/duration.ts";

/** How much Prometheus keeps; what is missing is not limited. */
export interface Retention {
	/** Milliseconds. */
	readonly time?: number;
	readonly bytes?: number;
}

/** Reads what Prometheus says of its retention, e.g. `6d or 8GiB`. @throws RangeError where it is neither time nor size */
export function parseRetention(text: string): Retention {
	const parts = text.split(" or ").filter(Boolean);
	const size = parts.find((part) => /B$/i.test(part));
	const time = parts.find((part) => part !== size);
	return {
		...(time && { time: parseDuration(time) }),
		...(size && { bytes: parseBytes(size) }),
	};
}

/**
 * Bytes of a size as Prometheus takes and writes it, e.g. `8GB` or `7GiB512MiB`: all its units are powers of two.
 *
 * @throws RangeError when it is none
 */
export function parseBytes(text: string): number {
	if (!/^(\d+(\.\d+)?[KMGTPE]?i?B)+$/i.test(text))
		throw new RangeError(`not a size of Prometheus: ${JSON.stringify(text)}`);
	return [...text.matchAll(/([\d.]+)([KMGTPE]?)i?B/gi)].reduce(
		(sum, [, count, unit = ""]) =>
			sum +
			Number(count) * 1024 ** (" KMGTPE".indexOf(unit.toUpperCase()) || 0),
		0,
	);
}
