import { distance } from "fastest-levenshtein";
import { BadInputError } from "./errors.ts";

/** How many names are told. Of more, only the nearest ones. */
const [mostTold, nearest] = [40, 5];

/**
 * Returns those that `--only` names, or all if it names none.
 *
 * @param what a plural for messages, e.g. `mutations`
 * @param namesOf every name that one can be chosen by, its own first
 * @throws BadInputError if a name is unknown
 */
export function chooseByName<T>(
	what: string,
	all: readonly T[],
	only: readonly string[],
	namesOf: (each: T) => readonly string[],
): T[] {
	const unknown = only.find(
		(name) => !all.some((each) => namesOf(each).includes(name)),
	);
	if (unknown)
		throw new BadInputError(
			`--only ${unknown}: ${tellNames(what, all.map(namesOf), unknown)}`,
		);
	return all.filter(
		(each) =>
			only.length === 0 || namesOf(each).some((name) => only.includes(name)),
	);
}

function tellNames(
	what: string,
	all: readonly (readonly string[])[],
	unknown: string,
): string {
	if (all.length <= mostTold)
		return `the ${what} are ${all.map(([own]) => own).join(", ")}`;
	const names = [...new Set(all.flat())].toSorted(
		(one, other) => distance(one, unknown) - distance(other, unknown),
	);
	return `none of the ${all.length} ${what} has this name; the nearest are ${names.slice(0, nearest).join(", ")}`;
}
