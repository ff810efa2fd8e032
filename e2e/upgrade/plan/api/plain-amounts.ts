import { cloneDeepWith, isPlainObject, mapValues, minBy } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { parseDuration } from "../../../common/duration.ts";
import { parseQuantity, parseSize } from "../../../common/sizes.ts";

/** An object whose amounts have one form each: 20480Mi is 20Gi, and for Prometheus 60s is 1m and 1024MB is 1GB. */
export function withPlainAmounts(object: Manifest): Manifest {
	if (["ConfigMap", "Secret"].includes(object.kind)) return object;
	const isPrometheus = object.apiVersion.startsWith("monitoring.coreos.com/");
	return cloneDeepWith(object, (value: unknown, key) => {
		if (typeof key !== "string") return undefined;
		if (mapsOfQuantities.test(key) && isPlainObject(value))
			return mapValues(value, plainQuantity);
		if (quantities.test(key)) return plainQuantity(value);
		if (isPrometheus && typeof value === "string") {
			if (durations.test(key)) return plainDuration(value);
			if (sizes.test(key)) return plainSize(value);
		}
		return undefined;
	});
}

const mapsOfQuantities = /^(requests|limits|capacity|hard)$/;
const quantities = /^(sizeLimit|divisor)$/;
/** As the operator's kinds name what its schemas type as Duration, GoDuration or ByteSize. */
const durations =
	/(interval|timeout|wait|window|retention|period|backoff|deadline|ageLimit|offset|blockSize|lookbackDelta|keep_firing_for|^for)$/i;
const sizes = /^(retentionSize|(enforced)?bodySizeLimit|maxPerSilenceBytes)$/i;

const hours = 3_600_000;
const unitsOfTime = {
	d: 24 * hours,
	h: hours,
	m: 60_000,
	s: 1000,
	ms: 1,
};

/** A duration in its largest whole unit; any other text as it is. */
export function plainDuration(text: string): string {
	return readOr(text, () => {
		const time = parseDuration(text);
		const unit = Object.entries(unitsOfTime).find(
			([, length]) => time % length === 0,
		);
		return time > 0 && unit ? `${time / unit[1]}${unit[0]}` : "0s";
	});
}

function plainSize(text: string): string {
	return readOr(text, () => {
		const size = parseSize(text);
		const power = [6, 5, 4, 3, 2, 1].find((each) => size % 1024 ** each === 0);
		if (size === 0) return "0";
		return power
			? `${size / 1024 ** power}${"KMGTPE"[power - 1]}B`
			: `${size}B`;
	});
}

/** The shortest of the ways to write a quantity; what is none as it is. */
function plainQuantity(value: unknown): unknown {
	if (typeof value !== "string" && typeof value !== "number") return value;
	return readOr(value, () => {
		const amount = parseQuantity(String(value));
		const written = [
			...[1024, 1000].flatMap((base) =>
				[..."KMGTPE"].map((unit, i): [number, string] => [
					base ** (i + 1),
					base === 1024 ? `${unit}i` : unit.replace("K", "k"),
				]),
			),
			[1, ""] as const,
			[0.001, "m"] as const,
		].flatMap(([size, unit]) => {
			const count = Math.round(amount / size);
			return Math.abs(count * size - amount) < 1e-9 ? `${count}${unit}` : [];
		});
		return minBy(written, ({ length }) => length) ?? value;
	});
}

/** What cannot be read is refused as it is, see readable-amounts.ts. */
function readOr<T>(value: T, read: () => T): T {
	try {
		return read();
	} catch {
		return value;
	}
}
