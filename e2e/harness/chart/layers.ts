import { partition } from "es-toolkit";
import { shortenWaits } from "./short-waits.ts";
import type { ValuesFile } from "./values-file.ts";

/** A values file in Helm's container. */
export interface Layer {
	readonly path: string;
	readonly content: string;
	readonly forTest?: ValuesFile["forTest"] | undefined;
}

/** Values that shorten what the other layers, and further values, let Alertmanager wait; undefined if nothing. */
export function makeShortWaits(
	layers: readonly Layer[],
	further = "",
): string | undefined {
	const [overrides, others] = partition(
		layers,
		({ forTest }) => forTest === "override",
	);
	const contents = [...others.map(({ content }) => content), further];
	return overrides
		.map(({ content }) => shortenWaits(contents, content).content)
		.find((each) => each);
}

/**
 * A `--values` flag for each layer; the last one wins. The test's overrides come after all others.
 *
 * @param how the path of values that are layered over all but the overrides, that of values over these too, and whether
 * the test's own values are left out
 */
export function makeValuesFlags(
	layers: readonly Omit<Layer, "content">[],
	{
		further,
		last,
		asWritten = false,
	}: {
		readonly further?: string | undefined;
		readonly last?: string | undefined;
		readonly asWritten?: boolean;
	},
): string[] {
	const [overrides, others] = partition(
		layers.filter(({ forTest }) => !(asWritten && forTest)),
		({ forTest }) => forTest === "override",
	);
	const paths = (all: readonly Omit<Layer, "content">[]) =>
		all.map(({ path }) => path);
	return [...paths(others), further, ...paths(overrides), last].flatMap(
		(path) => (path === undefined ? [] : [`--values=${path}`]),
	);
}
