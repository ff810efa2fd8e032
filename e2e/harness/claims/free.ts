import { setImmediate } from "node:timers/promises";
import type { Claim } from "./catalogue.ts";

/** The claims that a disruptive one would disturb: they do not say that they ignore what it breaks. */
export function findDisturbed<T extends Pick<Claim, "ignores">>(
	{ disrupts }: Pick<Claim, "disrupts">,
	claims: readonly T[],
): T[] {
	return claims.filter(({ ignores }) =>
		disrupts.some((part) => !ignores.includes(part)),
	);
}

/**
 * Runs each of these as soon as it is free, those that are free at the same time together. Only one run is under way at a
 * time.
 */
export async function runWhenFree<T>(
	all: readonly T[],
	untilFree: (each: T) => Promise<unknown>,
	run: (free: readonly T[]) => Promise<unknown>,
): Promise<void> {
	const free = new Set<T>();
	const waits = new Map(
		all.map((each) => [each, untilFree(each).then(() => free.add(each))]),
	);
	while (waits.size > 0) {
		await Promise.race(waits.values());
		// What the same end makes free runs together.
		await setImmediate();
		const next = [...free];
		free.clear();
		for (const each of next) waits.delete(each);
		await run(next);
	}
}
