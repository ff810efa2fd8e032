/** What Prometheus accepts as a size, e.g. `--storage.tsdb.retention.size`; 0 is no limit. */
export const sizePattern = /^0$|^((\d+\.?\d*|\.\d+)([KMGTPE]i?)?B)+$/;
/**
 * What Kubernetes accepts as a quantity: a number with a binary unit, a decimal unit, or an exponent.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const quantityPattern =
	/^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/;

/**
 * Bytes of a size as Prometheus reads and prints it, e.g. `8GB` or `7GiB512MiB`: all its units are powers of two.
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
 * The number that a Kubernetes quantity stands for. In bytes, `8Gi` is more than `8G`; `1E` is an exabyte, and
 * `1E3` a thousand bytes.
 *
 * @throws RangeError when it is none
 */
export function parseQuantity(text: string): number {
	const [, count, unit, exponent] = quantityPattern.exec(text) ?? [];
	if (!count)
		throw new RangeError(`not a quantity of bytes: ${JSON.stringify(text)}`);
	if (exponent) return Number(`${count}e${exponent}`);
	if (!unit) return Number(count);
	const power = smallUnits[unit];
	if (power) return Number(`${count}e${power}`);
	const base = unit.endsWith("i") ? 1024 : 1000;
	return Number(count) * base ** powerOf(unit.charAt(0));
}

const smallUnits: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3 };

function powerOf(unit: string): number {
	return unit ? "KMGTPE".indexOf(unit.toUpperCase()) + 1 : 0;
}
