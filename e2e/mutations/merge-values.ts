import { isPlainObject, merge } from "es-toolkit";

/** Values of a chart. */
export type Values = Record<string, unknown>;

/**
 * Merges values as Helm layers them: mappings key by key; everything else, lists too, as a whole. What `findConflict`
 * finds must not be merged.
 */
export function mergeValues(all: readonly Values[]): Values {
	return all.reduce<Values>(
		(merged, values) => merge(merged, structuredClone(values)),
		{},
	);
}

/** The key, e.g. `prometheus.prometheusSpec.logLevel`, that both would set; undefined if both can be in force at once. */
export function findConflict(
	one: Values,
	other: Values,
	path: readonly string[] = [],
): string | undefined {
	for (const [key, value] of Object.entries(one)) {
		if (!Object.hasOwn(other, key)) continue;
		const rival = other[key];
		const here = [...path, key];
		const conflict =
			isPlainObject(value) && isPlainObject(rival)
				? findConflict(value as Values, rival as Values, here)
				: here.join(".");
		if (conflict) return conflict;
	}
	return undefined;
}
