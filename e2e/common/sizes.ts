/** What Prometheus takes for a size. */
export const sizePattern = /^0$|^(\d*\.?\d+[KMGTPE]?i?B)+$/;
/** What Kubernetes takes for a quantity of bytes. */
export const quantityPattern = /^(\d*\.?\d+)([kKMGTPE]?)(i?)$/;

/**
 * Bytes of a size as Prometheus takes and writes it, e.g. `8GB` or `7GiB512MiB`: all its units are powers of two.
 *
 * @throws RangeError when it is none
 */
export function parseSize(text: string): number {
	if (!sizePattern.test(text))
		throw new RangeError(`not a size of Prometheus: ${JSON.stringify(text)}`);
	return [...text.matchAll(/([\d.]+)([KMGTPE]?)i?B/g)].reduce(
		(sum, [, count, unit = ""]) => sum + Number(count) * 1024 ** powerOf(unit),
		0,
	);
}

/**
 * Bytes of a quantity as Kubernetes writes it, e.g. `8Gi`, or `8G`, which is less.
 *
 * @throws RangeError when it is none
 */
export function parseQuantity(text: string): number {
	const [, count, unit = "", binary] = quantityPattern.exec(text) ?? [];
	if (!count)
		throw new RangeError(`not a quantity of bytes: ${JSON.stringify(text)}`);
	return Number(count) * (binary ? 1024 : 1000) ** powerOf(unit);
}

function powerOf(unit: string): number {
	return unit ? "KMGTPE".indexOf(unit.toUpperCase()) + 1 : 0;
}
