const milliseconds: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	w: 7 * 86_400_000,
	y: 365 * 86_400_000,
};

/** Whether a text is a duration with its units, e.g. `1h30m`. */
export function isDuration(text: string): boolean {
	return /^(\d+(ms|[smhdwy]))+$/.test(text);
}

/**
 * Reads a duration as Prometheus and Alertmanager write it, e.g. `1h30m`.
 *
 * @returns milliseconds
 * @throws RangeError if the text is not a duration
 */
export function parseDuration(text: string): number {
	if (text !== "0" && !isDuration(text))
		throw new RangeError(`not a duration: ${JSON.stringify(text)}`);
	return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
		(sum, [, count, unit = ""]) =>
			sum + Number(count) * (milliseconds[unit] ?? Number.NaN),
		0,
	);
}

/** Writes a number of milliseconds in the largest unit that divides it, e.g. `90m`. */
export function formatDuration(duration: number): string {
	const unit = ["h", "m", "s"].find(
		(each) => duration % (milliseconds[each] ?? 1) === 0,
	);
	return unit
		? `${duration / (milliseconds[unit] ?? 1)}${unit}`
		: `${duration}ms`;
}
