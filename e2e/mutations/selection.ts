import { chooseByName } from "../common/choose.ts";
import { type Mutation, readMutations } from "./catalogue.ts";
import { type Healthy, readHealthy } from "./healthy.ts";
import type { Selection } from "./trial.ts";

/** The kinds that a person asks for. */
export interface AskedKinds {
	readonly faults: boolean;
	readonly healthy: boolean;
	readonly all: boolean;
}

/**
 * Reads the catalogue and chooses from it. A name of `only` is found whatever its kind, unless a kind is asked for.
 *
 * @throws BadInputError if a name is unknown
 */
export async function readSelection(
	asked: AskedKinds,
	only: readonly string[],
): Promise<Selection> {
	const everything: Selection = {
		claims: await readMutations("claims"),
		faults: await readMutations("faults"),
		healthy: await readHealthy(),
	};
	return chooseSelection(everything, asked, only);
}

export function chooseSelection(
	{ claims, faults, healthy }: Selection,
	asked: AskedKinds,
	only: readonly string[],
): Selection {
	const narrowed = asked.faults || asked.healthy;
	const all = asked.all || (!narrowed && only.length > 0);
	const pool: Selection = {
		claims: all || !narrowed ? claims : [],
		faults: all || asked.faults ? faults : [],
		healthy: all || asked.healthy || !narrowed ? healthy : [],
	};
	const namesOf = (each: Mutation | Healthy) =>
		"claim" in each ? [each.id, each.claim] : [each.id];
	const chosen = new Set<Mutation | Healthy>(
		chooseByName(
			"mutations and healthy variations",
			[...pool.claims, ...pool.faults, ...pool.healthy],
			only,
			namesOf,
		),
	);
	return {
		claims: pool.claims.filter((each) => chosen.has(each)),
		faults: pool.faults.filter((each) => chosen.has(each)),
		healthy: pool.healthy.filter((each) => chosen.has(each)),
	};
}
