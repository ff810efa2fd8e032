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
	const isFew = all.length <= mostTold;
	const told = isFew ? all.flatMap(([own = ""]) => own) : all.flat();
	const names = [...new Set(told)].toSorted(
		(one, other) => distance(one, unknown) - distance(other, unknown),
	);
	const [lead, count] = isFew
		? ["they are", names.length]
		: ["the nearest are", nearest];
	return `none of the ${all.length} ${what} has this name; ${lead} ${names.slice(0, count).join(", ")}`;
}
