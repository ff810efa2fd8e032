import type { ProxyClient } from "./api-server/proxy.ts";

/** One sample in Prometheus' text format. */
export interface ExposedSample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** What a component exposes at /metrics. */
export async function readMetrics(
	proxy: ProxyClient,
): Promise<ExposedSample[]> {
	return parseExposition((await proxy.get("/metrics")).text);
}

/** Parses Prometheus' text format; comments and timestamps are left out. */
export function parseExposition(text: string): ExposedSample[] {
	return text.split("\n").flatMap((each): ExposedSample[] => {
		const [, name, labels = "", value] = line.exec(each) ?? [];
		if (name === undefined || value === undefined) return [];
		return [{ name, labels: parseLabels(labels), value: parseNumber(value) }];
	});
}

/** The sum over all series of a counter or gauge; 0 if there is none. */
export function sumOf(samples: readonly ExposedSample[], name: string): number {
	return samples
		.filter((each) => each.name === name)
		.reduce((sum, each) => sum + each.value, 0);
}

/**
 * By how much a counter has grown between two readings of one component's metrics. If the component has restarted in
 * between, that is all it has counted since: counters begin at 0.
 */
export function growthOf(
	name: string,
	before: readonly ExposedSample[],
	after: readonly ExposedSample[],
): number {
	const startOf = (samples: readonly ExposedSample[]) =>
		sumOf(samples, "process_start_time_seconds");
	// The kernel's time of its boot, which this is counted from, may be rounded differently.
	const restarted = startOf(after) - startOf(before) > 1;
	return sumOf(after, name) - (restarted ? 0 : sumOf(before, name));
}

/** Parses a number as Prometheus writes it, infinities included. */
export function parseNumber(text: string): number {
	const infinity = /^([+-]?)Inf$/i.exec(text);
	if (infinity)
		return infinity[1] === "-"
			? Number.NEGATIVE_INFINITY
			: Number.POSITIVE_INFINITY;
	return Number(text);
}

function parseLabels(text: string): Record<string, string> {
	return Object.fromEntries(
		[...text.matchAll(label)].map(([, name = "", value = ""]) => [
			name,
			value.replace(/\\(.)/g, (_, escaped: string) =>
				escaped === "n" ? "\n" : escaped,
			),
		]),
	);
}
