import { execa } from "execa";
import { defineCommand } from "../e2e/common/command.ts";
import { patienceOption } from "../e2e/common/command-options.ts";
import { SetUpError } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { serveChart, serveImages } from "../e2e/harness/images/serving.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import { readSetUpOptions } from "../e2e/harness/set-up/options.ts";

export const servedCommand = defineCommand({
	name: "e2e:served",
	description:
		"Runs e2e with --images pull and --chart <repository>, from a registry and a chart repository that it serves on this machine.",
	exitCodes: {
		0: "all proven",
		1: "a claim refuted",
		2: "set-up failed or inconclusive",
	},
	// The environment of e2e's process passes it on.
	options: { patience: patienceOption },
	arguments: {
		name: "[arguments...]",
		description: "passed on to e2e",
		takesOptions: true,
	},
	run: (_, args) => {
		const progress = new Progress();
		return withRun(progress, async (context) => {
			const { engine, run } = context;
			const built = await readSetUpOptions({
				chart: "embedded",
				images: "build",
				values: [],
			});
			const images = await gatherImages(context, built, progress);
			const mirror = await progress.phase("serve images", () =>
				serveImages(engine.docker, run, images),
			);
			const chart = await progress.phase("serve the chart", () =>
				serveChart(engine.docker, run, images),
			);
			try {
				const { exitCode, signal } = await execa(
					process.execPath,
					[
						projectPath("scripts/e2e.ts"),
						"--fresh",
						`--images=pull:${mirror.address}`,
						`--chart=${chart.url}`,
						`--chart-version=${chart.version}`,
						`--report=${projectPath("e2e-report", "served")}`,
						...args,
					],
					{ stdio: "inherit", reject: false, forceKillAfterDelay: false },
				);
				if (exitCode === undefined)
					throw new SetUpError(`e2e was ended by ${signal}`);
				return exitCode;
			} finally {
				chart.close();
				await mirror.forget();
			}
		});
	},
});

if (import.meta.main) await servedCommand.main();
