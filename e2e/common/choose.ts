import { BadInputError } from "./errors.ts";

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
