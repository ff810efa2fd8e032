import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { runCommand } from "../e2e/common/command.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { Progress } from "../e2e/common/progress.ts";
import { saveArchive } from "../e2e/harness/images/archive-source.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import {
	makeCommand,
	parseArguments,
	type RawSetUpOptions,
	readSetUpOptions,
	withSetUpOptions,
} from "../e2e/harness/set-up/options.ts";

const command = withSetUpOptions(
	makeCommand(
		"images",
		"Gets or builds every image that a run needs, and nothing else.",
	),
).option("--save <file>", "write them into a file for --images archive:<file>");

/** Before hours of building, not after. @throws BadInputError */
async function checkWritable(file: string): Promise<void> {
	await access(dirname(resolve(file)), constants.W_OK).catch((cause) => {
		throw new BadInputError(`--save ${file}: its folder cannot be written to`, {
			cause,
		});
	});
}

await runCommand(async () => {
	const raw = parseArguments<RawSetUpOptions & { save?: string }>(
		command,
		process.argv.slice(2),
	);
	if (!raw) return exitCodes.proven;
	const options = await readSetUpOptions(raw);
	if (raw.save) await checkWritable(raw.save);
	const progress = new Progress();
	const contents = await withRun(progress, async (context) => {
		const gathered = await gatherImages(context, options, progress);
		const { save } = raw;
		if (save)
			await progress.phase(`save ${save}`, () =>
				saveArchive(context.engine.docker, context.run, save, gathered),
			);
		return gathered;
	});
	for (const { reference, local } of [
		...Object.values(contents.components),
		...contents.references,
	])
		console.log(reference === local ? local : `${reference}  ${local}`);
	return exitCodes.proven;
});
