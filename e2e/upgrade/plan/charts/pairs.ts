import { objectKey, objectsOf, type Side } from "./side.ts";

/** Objects of some kinds that are on both sides, and those that are on one only. */
export function pair(a: Side, b: Side, ...kinds: string[]) {
	return pairByKey(objectsOf(a, ...kinds), objectsOf(b, ...kinds), objectKey);
}

/** Items on both sides, and those that are on one only, matched by a key. */
export function pairByKey<T>(
	a: readonly T[],
	b: readonly T[],
	key: (item: T) => string,
): { both: [T, T][]; gone: T[]; added: T[] } {
	const inB = new Map(b.map((item) => [key(item), item]));
	const inA = new Set(a.map(key));
	const both: [T, T][] = [];
	const gone: T[] = [];
	for (const item of a) {
		const other = inB.get(key(item));
		if (other) both.push([item, other]);
		else gone.push(item);
	}
	return { both, gone, added: b.filter((item) => !inA.has(key(item))) };
}

/**
 * Takes the pairs that differ only by name out of `gone` and `added`, and returns them.
 *
 * @param essence what stays the same under another name; empty if nothing does
 */
export function takeRenamed<T>(
	gone: T[],
	added: T[],
	essence: (item: T) => string,
): [T, T][] {
	const renamed: [T, T][] = [];
	for (const item of [...gone]) {
		const wanted = essence(item);
		const other = wanted && added.find((each) => essence(each) === wanted);
		if (!other) continue;
		renamed.push([item, other]);
		gone.splice(gone.indexOf(item), 1);
		added.splice(added.indexOf(other), 1);
	}
	return renamed;
}
