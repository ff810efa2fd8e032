import { BadInputError } from "./errors.ts";

/** Set for this process, its workers and the commands that it starts. */
const variable = "O11Y_E2E_PATIENCE";

/** The factor that every budget is multiplied by: 1, or that of `--patience` or O11Y_E2E_PATIENCE. */
export function patience(): number {
	return Number(process.env[variable] || 1);
}

/**
 * Sets the factor that `--patience` gives. Without one, checks the factor in O11Y_E2E_PATIENCE.
 *
 * @throws BadInputError if it is not a number from 1 to 100
 */
export function setPatience(factor: string | undefined): void {
	const name = factor === undefined ? variable : "--patience";
	const text = factor ?? process.env[variable] ?? "1";
	const value = Number(text);
	if (!text.trim() || !(value >= 1 && value <= 100))
		throw new BadInputError(`${name} ${text}: must be a number from 1 to 100`);
	process.env[variable] = text;
}
