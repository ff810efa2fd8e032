import { readFile } from "node:fs/promises";
import { Command, CommanderError, Option } from "commander";
import { BadInputError, messageOf } from "../../common/errors.ts";
import { checkChartOptions } from "../chart/locate.ts";
import { type ValuesFile, valuesProblem } from "../chart/values-file.ts";

/** What the commands that need a cluster take. */
export interface SetUpOptions {
	readonly chart: string;
	readonly chartVersion: string | undefined;
	/** Contents of the person's values files, in their order. */
	readonly values: readonly ValuesFile[];
	readonly images: string;
	readonly k3sVersion: string | undefined;
	/** Leave a kept cluster alone and make a new one. */
	readonly fresh: boolean;
}

/** A command line of one of the project's commands. */
export function makeCommand(name: string, description: string): Command {
	return new Command(`npm run ${name} --`)
		.description(description)
		.allowExcessArguments(false)
		.showHelpAfterError("(--help says what there is)")
		.exitOverride();
}

/** Adds the options of the commands that need a cluster. */
export function withSetUpOptions(command: Command): Command {
	return command
		.addOption(
			new Option(
				"--chart <ref>",
				"auto, upstream, embedded, a folder, a .tgz, oci://<reference> or a chart repository's URL",
			).default("auto"),
		)
		.option("--chart-version <v>", "version of a published chart")
		.option(
			"--values <file>",
			"values file layered over all other values; may be given several times, the last wins",
			(file: string, files: string[]) => [...files, file],
			[],
		)
		.addOption(imagesOption())
		.option(
			"--k3s-version <v>",
			"e.g. v1.34.1+k3s1; for images that are pulled",
		);
}

/** --fresh, for commands that use a kept cluster where one fits. */
export function freshOption(): Option {
	return new Option(
		"--fresh",
		"make a new cluster even where a kept one fits",
	).default(false);
}

/** --images */
export function imagesOption(): Option {
	return new Option(
		"--images <source>",
		"auto, pull, pull:<mirror>, archive:<file> or build",
	).default("auto");
}

/**
 * Reads the command line.
 *
 * @returns undefined where help was asked for and shown
 * @throws BadInputError in one sentence
 */
export function parseArguments<T extends object>(
	command: Command,
	argv: readonly string[],
): T | undefined {
	command.configureOutput({ writeErr: () => undefined });
	try {
		return command.parse([...argv], { from: "user" }).opts<T>();
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return undefined;
		throw new BadInputError(
			`${error.message.replace(/^error: /, "")} (--help says what there is)`,
			{ cause: error },
		);
	}
}

/** What commander hands over for `withSetUpOptions`. */
export interface RawSetUpOptions {
	readonly chart: string;
	readonly chartVersion?: string;
	readonly values: readonly string[];
	readonly images: string;
	readonly k3sVersion?: string;
	readonly fresh?: boolean;
}

/** Checks everything that can be checked before anything is started. @throws BadInputError */
export async function readSetUpOptions(
	raw: RawSetUpOptions,
): Promise<SetUpOptions> {
	checkImagesOption(raw.images);
	if (raw.k3sVersion && !/^v1\.\d+\.\d+[+-]k3s\d+$/.test(raw.k3sVersion)) {
		throw new BadInputError(
			`--k3s-version ${raw.k3sVersion}: a version of k3s looks like v1.34.1+k3s1`,
		);
	}
	await checkChartOptions({ chart: raw.chart, version: raw.chartVersion });
	return {
		chart: raw.chart,
		chartVersion: raw.chartVersion,
		values: await Promise.all(raw.values.map((name) => readValues(name))),
		images: raw.images,
		k3sVersion: raw.k3sVersion,
		fresh: raw.fresh ?? true,
	};
}

/** @throws BadInputError where --images is of no known form */
export function checkImagesOption(images: string): void {
	if (!/^(auto|build|pull(:\S+)?|archive:.+)$/.test(images)) {
		throw new BadInputError(
			`--images ${images}: must be auto, pull, pull:<mirror>, archive:<file> or build`,
		);
	}
}

/** Reads a values file. @throws BadInputError */
export async function readValues(
	name: string,
	flag = "--values",
): Promise<ValuesFile> {
	let content: string;
	try {
		content = await readFile(name, "utf8");
	} catch (error) {
		throw new BadInputError(
			`${flag} ${name} cannot be read: ${messageOf(error).split(",")[0]}`,
			{ cause: error },
		);
	}
	const problem = valuesProblem(content);
	if (problem) throw new BadInputError(`${flag} ${name}: ${problem}`);
	return { name, content };
}
