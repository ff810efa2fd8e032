import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { z } from "zod";
import { defineCommand } from "../e2e/common/command.ts";
import { patienceOption, textOptionOr } from "../e2e/common/command-options.ts";
import { BadInputError, SetUpError } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import type { ArchiveIndex } from "../e2e/harness/images/archive-source.ts";
import { openImageSource } from "../e2e/harness/images/choose-source.ts";
import { serveChart, serveImages } from "../e2e/harness/images/serving.ts";
import { type RunContext, withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import { readSetUpOptions } from "../e2e/harness/set-up/options.ts";

/** What a command takes beside the images, and whether it needs the images of an upgrade. */
interface ServedCommand {
	/** Whether it takes --chart. */
	readonly takesChart: boolean;
	readonly upgrades: boolean;
	readonly further: readonly string[];
}

const run = { takesChart: true, upgrades: false, further: [] };
const upgrade = { takesChart: false, upgrades: true, further: [] };
const commands: Readonly<Record<string, ServedCommand>> = {
	e2e: {
		...run,
		further: ["--fresh", `--report=${projectPath("e2e-report", "served")}`],
	},
	up: { ...run, further: ["--fresh"] },
	images: run,
	"upgrade:binaries": upgrade,
	"upgrade:traps": upgrade,
};

export const servedCommand = defineCommand({
	name: "e2e:served",
	description:
		"Runs e2e, or another command, with --images pull and --chart <repository>, from a registry and a chart repository that it serves on this machine.",
	exitCodes: {
		0: "as the command says of it: proven, safe or done",
		1: "a claim refuted, or an upgrade unsafe",
		2: "set-up failed or inconclusive",
		4: "an upgrade to be reviewed",
	},
	options: {
		command: textOptionOr(
			"--command <name>",
			`which: ${Object.keys(commands).join(", ")}`,
			"e2e",
		),
		// The environment of the command's process passes it on.
		patience: patienceOption,
	},
	arguments: {
		name: "[arguments...]",
		description: "passed on to the command",
		takesOptions: true,
	},
	run: async ({ command: name }, args) => {
		const command = commands[name];
		if (!command)
			throw new BadInputError(
				`--command ${name}: must be one of ${Object.keys(commands).join(", ")}`,
			);
		const [script = "", ...own] = await readScript(name);
		const progress = new Progress();
		return withRun(progress, async (context) => {
			const { docker } = context.engine;
			const images = await gather(context, command, progress);
			const mirror = await progress.phase("serve images", () =>
				serveImages(docker, context.run, images),
			);
			const chart = await progress.phase("serve the chart", () =>
				serveChart(docker, context.run, images),
			);
			const charts = [
				`--chart=${chart.url}`,
				`--chart-version=${chart.version}`,
			];
			try {
				const { exitCode, signal } = await execa(
					process.execPath,
					[
						projectPath("scripts", `${script}.ts`),
						...own,
						`--images=pull:${mirror.address}`,
						...(command.takesChart ? charts : []),
						...command.further,
						...args,
					],
					{ stdio: "inherit", reject: false, forceKillAfterDelay: false },
				);
				if (exitCode === undefined)
					throw new SetUpError(`${name} was ended by ${signal}`);
				return exitCode;
			} finally {
				chart.close();
				await mirror.forget();
			}
		});
	},
});

/** Reads what `npm run <name>` starts. @returns the command's script and its arguments */
async function readScript(name: string): Promise<string[]> {
	const { scripts } = z
		.object({ scripts: z.record(z.string(), z.string()) })
		.parse(JSON.parse(await readFile(projectPath("package.json"), "utf8")));
	const [, rest = ""] = (scripts[name] ?? "").split("bootstrap.mjs ");
	return rest.split(" ");
}

/** Builds the images, for an upgrade those of both sides and those with its tools. */
async function gather(
	context: RunContext,
	{ upgrades }: ServedCommand,
	progress: Progress,
): Promise<ArchiveIndex> {
	const read = (values: string[]) =>
		readSetUpOptions({ chart: "embedded", images: "build", values });
	const newest = await read([]);
	if (!upgrades) return gatherImages(context, newest, progress);
	const older = await read([projectPath("stack/values/older-binaries.yaml")]);
	const index = await gatherImages(context, newest, progress, [older]);
	const source = await openImageSource(
		context.engine.docker,
		"build",
		progress,
	);
	// promtool and amtool.
	const tools = await source.provideComponents(
		["prometheus", "alertmanager"],
		progress,
	);
	return {
		...index,
		components: { ...index.components, ...Object.fromEntries(tools) },
	};
}

if (import.meta.main) await servedCommand.main();
