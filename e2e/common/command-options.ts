import { Option } from "commander";
import { z } from "zod";

/** What the command line and its help say about an option, by the schema of its value. */
const described = new WeakMap<z.core.$ZodType, Option>();

function describe<S extends z.ZodType>(schema: S, option: Option): S {
	described.set(schema, option);
	return schema;
}

/**
 * Options as schemas of their values, made by the functions below. Each is named as commander names it, e.g.
 * `chartVersion` for `--chart-version <v>`.
 */
export type CommandOptions = Readonly<z.ZodRawShape>;

/** An option with a value. */
export function textOption(flags: string, description: string) {
	const option = new Option(flags, description);
	return describe(z.string().optional(), option);
}

/** An option with a value that has a default. */
export function textOptionOr(
	flags: string,
	description: string,
	usual: string,
) {
	const option = new Option(flags, description).default(usual);
	return describe(z.string(), option);
}

/** An option with a value that must be given. */
export function requiredOption(flags: string, description: string) {
	const option = new Option(flags, description).makeOptionMandatory();
	return describe(z.string(), option);
}

/** An option with several values: one after the other, or the option several times. @param flags with one value */
export function listOption(flags: string, description: string) {
	const option = new Option(
		flags.replace(/>$/, "...>"),
		`${description}; takes several`,
	).argParser((value: string, others: string[] = []) => [...others, value]);
	return describe(z.array(z.string()).default([]), option);
}

/** An option without a value: false by default, or with flags such as `--no-whole` true. */
export function flagOption(flags: string, description: string) {
	const option = new Option(flags, description);
	return describe(z.boolean().default(false), option);
}

/** For commands that start a cluster. It has no default, because O11Y_E2E_PATIENCE may set another one. */
export const patienceOption = textOption(
	"--patience <factor>",
	"multiplies every time limit but that of tidying up, for slow machines (default: O11Y_E2E_PATIENCE, or 1)",
);

/** Options as commander takes them. @throws Error if one is declared under another name than commander gives it */
export function toCommanderOptions(options: CommandOptions): Option[] {
	return Object.entries(options).map(([name, schema]) => {
		const option = described.get(schema);
		if (!option || option.attributeName() !== name)
			throw new Error(`${name} is not the name of an option's value`);
		return option;
	});
}
