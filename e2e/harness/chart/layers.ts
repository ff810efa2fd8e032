import { partition } from "es-toolkit";
import { makeAdditions } from "./computed/additions.ts";
import { shortenWaits } from "./computed/short-waits.ts";
import { lowerRequests, type RoomOfTiers } from "./computed/small-requests.ts";
import type { ValuesFile } from "./values-file.ts";

/** A values file in Helm's container. */
export interface Layer {
	readonly path: string;
	readonly content: string;
	readonly forTest?: ValuesFile["forTest"] | undefined;
}

/**
 * Overrides that depend on what the other layers, and further values, say: each is layered over all of them. None without
 * the test's overrides.
 *
 * @param room of the test's nodes, if any are there
 */
export function makeComputedOverrides(
	layers: readonly Layer[],
	further = "",
	room?: RoomOfTiers,
): string[] {
	const [overrides, others] = partition(
		layers,
		({ forTest }) => forTest === "override",
	);
	const contents = [...others.map(({ content }) => content), further];
	const lowered = room && lowerRequests(contents, room)?.content;
	return overrides
		.flatMap(({ content }) => [
			shortenWaits(contents, content).content,
			...makeAdditions(contents).map((each) => each.content),
			lowered,
		])
		.filter((each) => each !== undefined);
}

/**
 * A `--values` flag for each layer; the last one wins. The test's overrides come after all others.
 *
 * @param how the path of values that are layered over all but the overrides, those of values over these too, and whether
 * the test's own values are left out
 */
export function makeValuesFlags(
	layers: readonly Omit<Layer, "content">[],
	{
		further,
		last = [],
		asWritten = false,
	}: {
		readonly further?: string | undefined;
		readonly last?: readonly string[];
		readonly asWritten?: boolean;
	},
): string[] {
	const [overrides, others] = partition(
		layers.filter(({ forTest }) => !(asWritten && forTest)),
		({ forTest }) => forTest === "override",
	);
	const paths = (all: readonly Omit<Layer, "content">[]) =>
		all.map(({ path }) => path);
	return [...paths(others), further, ...paths(overrides), ...last].flatMap(
		(path) => (path === undefined ? [] : [`--values=${path}`]),
	);
}
