import { execa } from "execa";
import { runCommand } from "../e2e/common/command.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { serveChart, serveImages } from "../e2e/harness/images/serving.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import {
	makeCommand,
	parseArguments,
	readSetUpOptions,
} from "../e2e/harness/set-up/options.ts";

const command = makeCommand(
	"e2e:served",
	"Runs e2e with --images pull and --chart <repository>, from a registry and a chart repository that it serves on this machine.",
)
	.argument("[arguments...]", "handed on to e2e")
	.allowUnknownOption();

await runCommand(async () => {
	if (!parseArguments(command, process.argv.slice(2))) return 0;
	const progress = new Progress();
	return withRun(progress, async (context) => {
		const { engine, run } = context;
		const built = await readSetUpOptions({
			chart: "embedded",
			images: "build",
			values: [],
			fresh: true,
		});
		const images = await gatherImages(context, built, progress);
		const mirror = await progress.phase("serve images", () =>
			serveImages(engine.docker, run, images),
		);
		const chart = await progress.phase("serve the chart", () =>
			serveChart(engine.docker, run, images),
		);
		try {
			const { exitCode } = await execa(
				process.execPath,
				[
					projectPath("scripts/e2e.ts"),
					"--fresh",
					`--images=pull:${mirror.address}`,
					`--chart=${chart.url}`,
					`--chart-version=${chart.version}`,
					`--report=${projectPath("e2e-report", "served")}`,
					...command.args,
				],
				{ stdio: "inherit", reject: false, forceKillAfterDelay: false },
			);
			return exitCode ?? 2;
		} finally {
			chart.close();
			await mirror.forget();
		}
	});
});
