import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError } from "commander";
import { z } from "zod";
import { type CommandOptions, toCommanderOptions } from "./command-options.ts";
import {
	BadInputError,
	exitCodes,
	explainError,
	HarnessError,
} from "./errors.ts";
import { endOnTrouble, InterruptedError } from "./interruption.ts";
import { printError } from "./output/terminal.ts";
import { setPatience } from "./patience.ts";
import { rememberGiven } from "./secrecy/given.ts";

/** A command of the project, as a script declares it. */
export interface CommandDefinition<Options extends CommandOptions> {
	/** As after `npm run`. */
	readonly name: string;
	/** A sentence or two for its help. */
	readonly description: string;
	/** What its exit codes mean; every command has those for bad input and interruption. */
	readonly exitCodes: Readonly<Record<number, string>>;
	readonly options: Options;
	readonly arguments?: {
		/** e.g. `[filter...]` */
		readonly name: string;
		readonly description: string;
		/** Whether options that the command does not have are arguments, too. */
		readonly takesOptions?: boolean;
	};
	/** Does what the command is for. @returns the exit code */
	run(
		options: z.output<z.ZodObject<Options>>,
		args: readonly string[],
	): Promise<number>;
}

/** A command that can be started. */
export interface RunnableCommand {
	readonly name: string;
	/** Names of its options as they are typed, without `--`. */
	readonly flags: readonly string[];
	/** Runs it. @returns the exit code @throws BadInputError for a command line that it does not take */
	start(argv: readonly string[]): Promise<number>;
	/** Runs it with the arguments of this process, reports an error in one sentence, and ends the process. */
	main(): Promise<never>;
}

/** Makes a command of its definition. */
export function defineCommand<Options extends CommandOptions>(
	definition: CommandDefinition<Options>,
): RunnableCommand {
	const { name, options, run } = definition;
	const schema = z.object(options);
	const flags = toCommanderOptions(options).map(
		({ long }) => long?.replace(/^--/, "") ?? "",
	);
	const start = async (argv: readonly string[]) => {
		rememberGiven(argv, process.env);
		const parsed = parse(definition, argv);
		if (!parsed) return exitCodes.proven;
		const { patience } = withPatience.parse(parsed.options);
		setPatience(patience);
		return run(schema.parse(parsed.options), parsed.args);
	};
	return {
		name,
		flags,
		start,
		main: () => runToExit(() => start(process.argv.slice(2))),
	};
}

const withPatience = z.looseObject({ patience: z.string().optional() });

/**
 * Reads the command line.
 *
 * @returns undefined if help was asked for and shown
 * @throws BadInputError in one sentence
 */
function parse<Options extends CommandOptions>(
	definition: CommandDefinition<Options>,
	argv: readonly string[],
): { options: unknown; args: readonly string[] } | undefined {
	const command = makeCommand(definition);
	try {
		command.parse([...argv], { from: "user" });
		return { options: command.opts(), args: command.args };
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return undefined;
		throw new BadInputError(
			`${error.message.replace(/^error: /, "").replaceAll("\n", " ")} (--help lists the options)`,
			{ cause: error },
		);
	}
}

function makeCommand<Options extends CommandOptions>({
	name,
	description,
	exitCodes: ownCodes,
	options,
	arguments: rest,
}: CommandDefinition<Options>): Command {
	const codes = Object.entries({
		...ownCodes,
		[exitCodes.badInput]: "bad input",
		[exitCodes.interrupted]: "interrupted",
	}).map(([code, meaning]) => `${code} ${meaning}`);
	const command = new Command(`npm run ${name} --`)
		.description(`${description} Exit codes: ${codes.join(", ")}.`)
		.allowExcessArguments(false)
		.exitOverride()
		// The error says it all.
		.configureOutput({ writeErr: () => undefined });
	for (const option of toCommanderOptions(options)) command.addOption(option);
	if (rest)
		command
			.argument(rest.name, rest.description)
			.allowUnknownOption(rest.takesOptions ?? false);
	return command;
}

async function runToExit(action: () => Promise<number>): Promise<never> {
	// When it ends, the process waits for V8's threads, and one that compiles may wait for a garbage collection that never
	// comes (nodejs/node#54918): seen twice with Sparkplug, where it hung forever, and reported for Maglev.
	setFlagsFromString("--no-concurrent-sparkplug");
	setFlagsFromString("--no-maglev");
	// Megabytes of new objects in each thread. With V8's own 16, a dozen threads keep twice as much memory, and what they
	// compute takes the same CPU time.
	setFlagsFromString("--max-semi-space-size=2");
	endOnTrouble();
	let code: number;
	try {
		code = await action();
	} catch (error) {
		code =
			error instanceof HarnessError ? error.exitCode : exitCodes.setUpFailed;
		if (!(error instanceof InterruptedError)) {
			const lead = error instanceof BadInputError ? "" : "set-up failed: ";
			printError(`\n${lead}${explainError(error)}`);
		}
		if (process.env.O11Y_E2E_DEBUG) printError(inspect(error));
	}
	process.exit(code);
}
