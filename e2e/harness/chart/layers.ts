import { partition } from "es-toolkit";
import type { ValuesFile } from "./values-file.ts";

/** A values file in Helm's container. */
export interface Layer {
	readonly path: string;
	readonly forTest?: ValuesFile["forTest"] | undefined;
}

/**
 * A `--values` flag for each layer; the last one wins. The test's overrides come after all others.
 *
 * @param further the path of values that are layered over all but these
 * @param asWritten without the test's own values
 */
export function makeValuesFlags(
	layers: readonly Layer[],
	further: string | undefined,
	asWritten: boolean,
): string[] {
	const [overrides, others] = partition(
		layers.filter(({ forTest }) => !(asWritten && forTest)),
		({ forTest }) => forTest === "override",
	);
	const middle = further === undefined ? [] : [{ path: further }];
	return [...others, ...middle, ...overrides].map(
		({ path }) => `--values=${path}`,
	);
}
