import { BadInputError } from "./errors.ts";

/** Set for this process, its workers and the commands that it starts. */
const variable = "O11Y_E2E_PATIENCE";

/** By how much every budget is multiplied: 1, or what `--patience` or O11Y_E2E_PATIENCE says. */
export function patience(): number {
	return Number(process.env[variable] || 1);
}

/**
 * Takes the factor of `--patience`, or else checks the one in O11Y_E2E_PATIENCE.
 *
 * @throws BadInputError where it is no number from 1 to 100
 */
export function setPatience(factor: string | undefined): void {
	const name = factor === undefined ? variable : "--patience";
	const text = factor ?? process.env[variable] ?? "1";
	const value = Number(text);
	if (!text.trim() || !(value >= 1 && value <= 100))
		throw new BadInputError(`${name} ${text}: must be a number from 1 to 100`);
	process.env[variable] = text;
}
