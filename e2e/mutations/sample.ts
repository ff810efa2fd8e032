import { createHash } from "node:crypto";
import { sortBy, uniqBy } from "es-toolkit";
import type { Selection } from "./trial.ts";

/** The order in which kinds are chosen: what is tried most in the whole catalogue is tried most in a sample. */
const turns = [
	"claims",
	"healthy",
	"claims",
	"faults",
	"claims",
	"claims",
	"healthy",
	"claims",
] as const;

/**
 * Chooses some of each kind. The same seed chooses the same; another one, most likely, others. Of a claim's mutations at
 * most one is chosen, so that all can be tried at once.
 */
export function chooseSample(
	all: Selection,
	size: number,
	seed: string,
): Selection {
	const shuffle = <T extends { id: string }>(list: readonly T[]): T[] =>
		sortBy(list, [({ id }) => hashOf(`${seed} ${id}`)]);
	const pools = {
		claims: uniqBy(shuffle(all.claims), ({ claim }) => claim),
		faults: uniqBy(shuffle(all.faults), ({ claim }) => claim),
		healthy: shuffle(all.healthy),
	};
	const counts = { claims: 0, faults: 0, healthy: 0 };
	for (let i = 0, chosen = 0; chosen < size; i++) {
		if (Object.keys(counts).every((kind) => isSpent(kind as keyof Selection)))
			break;
		const kind = turns[i % turns.length] ?? "claims";
		if (isSpent(kind)) continue;
		counts[kind] += 1;
		chosen += 1;
	}
	return {
		claims: pools.claims.slice(0, counts.claims),
		faults: pools.faults.slice(0, counts.faults),
		healthy: pools.healthy.slice(0, counts.healthy),
	};

	function isSpent(kind: keyof Selection): boolean {
		return counts[kind] >= pools[kind].length;
	}
}

function hashOf(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}
