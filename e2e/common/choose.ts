import { BadInputError } from "./errors.ts";

/**
 * Those that `--only` names, or all where it names none.
 *
 * @param what they are, for a person, e.g. `mutations`
 * @param namesOf every name that each of them answers to, its own first
 * @throws BadInputError for a name that none of them has
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
	if (unknown) {
		throw new BadInputError(
			`--only ${unknown}: the ${what} are ${all.map((each) => namesOf(each)[0]).join(", ")}`,
		);
	}
	return all.filter(
		(each) =>
			only.length === 0 || namesOf(each).some((name) => only.includes(name)),
	);
}
