import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { defineCommand } from "../e2e/common/command.ts";
import { textOptionOr } from "../e2e/common/command-options.ts";
import { exitCodes, SetUpError } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { StartedBrowser } from "../e2e/harness/cluster/browser.ts";
import { openImageSource } from "../e2e/harness/images/choose-source.ts";
import { drawPictures } from "../e2e/harness/report/pictures.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { browser } from "../e2e/harness/set-up/cluster-images.ts";
import { imagesOption } from "../e2e/harness/set-up/options.ts";

export const picturesCommand = defineCommand({
	name: "pictures",
	description:
		"Draws the README's pictures from the report of a run: e2e/pictures/terminal.png and promises.png.",
	exitCodes: { 0: "done", 2: "there is no browser, or no report" },
	options: {
		images: imagesOption,
		report: textOptionOr(
			"--report <dir>",
			"the report of the run",
			"e2e-report",
		),
	},
	run: async ({ images, report }) => {
		const progress = new Progress();
		await withRun(progress, async ({ engine, run }) => {
			const source = await openImageSource(engine.docker, images, progress);
			const found = await source.provideComponents([browser], progress);
			const image = found.get(browser)?.local;
			if (!image) throw new SetUpError("no image of a browser was provided");
			const target = projectPath("e2e", "pictures");
			await mkdir(target, { recursive: true });
			const started = await StartedBrowser.start(run.id, image, "bridge");
			try {
				await drawPictures(started, resolve(report), target);
			} finally {
				await started.stop();
			}
		});
		return exitCodes.proven;
	},
});

if (import.meta.main) await picturesCommand.main();
