import { access, constants, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { defineCommand } from "../e2e/common/command.ts";
import { flagOption, textOption } from "../e2e/common/command-options.ts";
import { BadInputError, exitCodes, reasonOf } from "../e2e/common/errors.ts";
import { print } from "../e2e/common/output/terminal.ts";
import { Progress } from "../e2e/common/progress.ts";
import { connectDocker } from "../e2e/harness/docker/connection.ts";
import { saveArchive } from "../e2e/harness/images/archive-source.ts";
import { parseImagesOption } from "../e2e/harness/images/choose-source.ts";
import {
	ImageCache,
	imageCacheKey,
} from "../e2e/harness/images/image-cache.ts";
import { pinUpstreams } from "../e2e/harness/images/pin.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import {
	readSetUpOptions,
	setUpOptions,
} from "../e2e/harness/set-up/options.ts";

export const imagesCommand = defineCommand({
	name: "images",
	description: "Gets or builds every image that a run needs, and nothing else.",
	exitCodes: { 0: "done", 2: "an image cannot be provided or pinned" },
	options: {
		...setUpOptions,
		save: textOption(
			"--save <file>",
			"write them into a file for --images archive:<file>",
		),
		cacheFolder: textOption(
			"--cache-folder <folder>",
			"load what the folder has first, and keep the images there that were built: for CI",
		),
		cacheKey: flagOption(
			"--cache-key",
			"print a key for that folder, which changes with what is built, and do nothing else",
		),
		pin: flagOption(
			"--pin",
			"ask the registries of --images pull or pull:<mirror> for the digests of upstream's images, write them into stack/images.yaml, and do nothing else",
		),
	},
	run: async ({ save, cacheFolder, cacheKey, pin, ...raw }) => {
		if (cacheKey) {
			print(await imageCacheKey());
			return exitCodes.proven;
		}
		const options = await readSetUpOptions(raw);
		if (pin) return pinImages(options.images, save);
		if (save) await checkWritable(save);
		if (cacheFolder) await makeCacheFolder(cacheFolder);
		const progress = new Progress();
		const contents = await withRun(progress, async (context) => {
			const { docker } = context.engine;
			const kept =
				cacheFolder && (await ImageCache.open(docker, cacheFolder, progress));
			const gathered = await gatherImages(context, options, progress);
			if (kept) await kept.keep(context.run, gathered);
			if (save)
				await progress.phase(`save ${save}`, () =>
					saveArchive(docker, context.run, save, gathered),
				);
			return gathered;
		});
		for (const { reference, local } of [
			...Object.values(contents.components),
			...contents.references,
		])
			print(reference === local ? local : `${reference}  ${local}`);
		return exitCodes.proven;
	},
});

/** @param images as in --images @param save as in --save */
async function pinImages(images: string, save: string | undefined) {
	const { kind, argument: mirror } = parseImagesOption(images);
	if (save || kind !== "pull")
		throw new BadInputError(
			"--pin asks registries, so it goes with --images pull or --images pull:<mirror>, and without --save",
		);
	const docker = await connectDocker();
	const pinned = await pinUpstreams(docker, mirror);
	for (const { reference, pinned: now, problem } of pinned)
		print(
			[now ?? `${reference}: not pinned`, problem].filter(Boolean).join(": "),
		);
	return pinned.every((each) => each.pinned)
		? exitCodes.proven
		: exitCodes.setUpFailed;
}

/** Checked before images are built for hours. @throws BadInputError */
async function checkWritable(file: string): Promise<void> {
	await access(dirname(resolve(file)), constants.W_OK).catch((cause) => {
		throw new BadInputError(`--save ${file}: its folder is not writable`, {
			cause,
		});
	});
}

/** @throws BadInputError */
async function makeCacheFolder(folder: string): Promise<void> {
	try {
		await mkdir(folder, { recursive: true });
		await access(folder, constants.W_OK);
	} catch (cause) {
		throw new BadInputError(
			`--cache-folder ${folder}: it cannot be written: ${reasonOf(cause)}`,
			{ cause },
		);
	}
}

if (import.meta.main) await imagesCommand.main();
