import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type Dockerode from "dockerode";
import { difference } from "es-toolkit";
import { messageOf } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import type { Run } from "../run/run.ts";
import {
	type ArchiveIndex,
	loadArchive,
	namesIn,
	saveArchive,
} from "./archive-source.ts";
import { builtImageName } from "./build/build.ts";
import type { ProvidedImage } from "./source.ts";
import { readComponents } from "./spec.ts";

/**
 * Built images that continuous integration keeps in a folder from one machine to the next. Each is named by its content, so
 * one that has changed is built, and the others are taken from the folder. What a registry has is pulled each time: it may
 * be gigabytes, which the key of the folder knows nothing of.
 */
export class ImageCache {
	readonly #docker: Dockerode;
	readonly #file: string;
	readonly #progress: Progress;
	/** The images in the folder. */
	#kept: readonly string[] = [];

	private constructor(docker: Dockerode, folder: string, progress: Progress) {
		this.#docker = docker;
		this.#file = join(folder, "images.tar");
		this.#progress = progress;
	}

	/** Loads what the folder has into the engine. What cannot be read is told, and written anew by `keep`. */
	static async open(
		docker: Dockerode,
		folder: string,
		progress: Progress,
	): Promise<ImageCache> {
		const cache = new ImageCache(docker, folder, progress);
		await cache.#load();
		return cache;
	}

	async #load(): Promise<void> {
		if (!(await stat(this.#file).catch(() => undefined))) {
			this.#progress.say(`image cache: ${this.#file} is not there yet`);
			return;
		}
		try {
			this.#kept = await this.#progress.phase(
				"load the image cache",
				async () =>
					namesIn(await loadArchive(this.#docker, this.#file, "image cache: ")),
			);
		} catch (error) {
			this.#progress.say(`image cache: not used: ${messageOf(error)}`);
		}
	}

	/** Writes the images that were built for a run into the folder, unless they are there. */
	async keep(
		run: Pick<Run, "id" | "tempDir">,
		contents: ArchiveIndex,
	): Promise<void> {
		const built = pickBuilt(contents);
		const added = difference(namesIn(built), this.#kept);
		if (added.length === 0) return;
		await this.#progress.phase("save the image cache", () =>
			saveArchive(this.#docker, run, this.#file, built),
		);
	}
}

/** Of an archive's index, the images that were built. */
export function pickBuilt(contents: ArchiveIndex): ArchiveIndex {
	const isBuilt = ({ standIn }: ProvidedImage) => standIn !== undefined;
	return {
		...contents,
		components: Object.fromEntries(
			Object.entries(contents.components).filter(([, image]) => isBuilt(image)),
		),
		references: contents.references.filter(isBuilt),
	};
}

/** A key for such a folder, e.g. of a CI system's cache: another one as soon as an image would be built otherwise. */
export async function imageCacheKey(): Promise<string> {
	const names = await Promise.all((await readComponents()).map(builtImageName));
	const digest = createHash("sha256").update(names.sort().join("\n"));
	return `o11y-e2e-images-${digest.digest("hex").slice(0, 16)}`;
}
