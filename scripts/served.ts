import { spawn } from "node:child_process";
import { once } from "node:events";
import { onInterrupt, runCommand } from "../e2e/harness/command.ts";
import { gatherImages } from "../e2e/harness/gather-images.ts";
import { makeCommand, parseArguments } from "../e2e/harness/options.ts";
import { projectPath } from "../e2e/harness/paths.ts";
import { Progress } from "../e2e/harness/progress.ts";
import { beginRun } from "../e2e/harness/run.ts";
import { serveChart, serveImages } from "../e2e/harness/serving.ts";
import { prepareEngine } from "../e2e/harness/session.ts";
import { removeRun } from "../e2e/harness/sweep.ts";

const command = makeCommand(
	"e2e:served",
	"Runs e2e with --images pull and --chart <repository>, from a registry and a chart repository that it serves on this machine. Arguments go to e2e.",
).allowUnknownOption();

await runCommand(async () => {
	if (!parseArguments(command, [])) return 0;
	const progress = new Progress();
	const engine = await prepareEngine(progress);
	const interrupted = onInterrupt();
	interrupted.catch(() => undefined);
	const images = await gatherImages(
		engine,
		{
			chart: "embedded",
			chartVersion: undefined,
			values: [],
			images: "build",
			k3sVersion: undefined,
			fresh: true,
		},
		progress,
	);
	const run = await beginRun();
	try {
		const mirror = await progress.phase("serve images", () =>
			serveImages(engine.docker, run, images),
		);
		const repository = await progress.phase("serve the chart", () =>
			serveChart(engine.docker, run, images),
		);
		const child = spawn(
			process.execPath,
			[
				projectPath("scripts/e2e.ts"),
				"--fresh",
				`--images=pull:${mirror}`,
				`--chart=${repository.url}`,
				`--chart-version=${repository.version}`,
				`--report=${projectPath("e2e-report", "served")}`,
				...process.argv.slice(2),
			],
			{ stdio: "inherit" },
		);
		// The child's own tidying up comes first.
		interrupted.catch(() => child.kill("SIGTERM"));
		const [code]: [number | null] = (await once(child, "exit")) as [
			number | null,
		];
		repository.close();
		return code ?? 130;
	} finally {
		await removeRun(engine.docker, run.id);
		await run.end();
	}
});
