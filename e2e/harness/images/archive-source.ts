import { createWriteStream } from "node:fs";
import {
	mkdtemp,
	readdir,
	rename,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type Dockerode from "dockerode";
import { uniq } from "es-toolkit";
import { execa } from "execa";
import { z } from "zod";
import { BadInputError, messageOf, SetUpError } from "../../common/errors.ts";
import { findEngineProcessor } from "../docker/connection.ts";
import { isAlive, type Run } from "../run/run.ts";
import { loadImages, readEntry } from "./archive-entries.ts";
import { engineHas } from "./engine-images.ts";
import { parseImageReference } from "./reference.ts";
import type { ImageSource, ProvidedImage } from "./source.ts";
import { type Component, componentFor } from "./spec.ts";

const provided = z.object({
	reference: z.string(),
	local: z.string(),
	standIn: z
		.object({
			component: z.string(),
			version: z.string(),
			otherVersions: z.string().exactOptional(),
		})
		.exactOptional(),
});

const index = z.object({
	/** The source that filled the archive. */
	source: z.string(),
	/** The processor that the images are for, as in process.arch. */
	architecture: z.string(),
	components: z.record(z.string(), provided),
	references: z.array(provided),
});

/** The index of an archive: which images it contains. */
export type ArchiveIndex = z.infer<typeof index>;

/** Images from a file that `npm run images -- --save <file>` has written. */
export class ArchiveSource implements ImageSource {
	readonly name: string;
	readonly isBuilt: boolean;
	readonly #index: ArchiveIndex;
	readonly #components: readonly Component[];

	private constructor(
		name: string,
		contents: ArchiveIndex,
		components: readonly Component[],
	) {
		this.name = name;
		this.isBuilt = contents.source === "build";
		this.#index = contents;
		this.#components = components;
	}

	/** Reads the archive's index. Loads the images into the engine, unless it has them all. */
	static async open(
		docker: Dockerode,
		components: readonly Component[],
		file: string,
	): Promise<ArchiveSource> {
		const contents = await loadArchive(docker, file, "--images archive:");
		return new ArchiveSource(`archive:${file}`, contents, components);
	}

	async provideComponents(names: readonly string[]) {
		return new Map(
			names.map((name) => {
				const image = this.#index.components[name];
				if (!image)
					throw new SetUpError(`the archive holds no image of ${name}`);
				return [name, image];
			}),
		);
	}

	async provideReferences(references: readonly string[]) {
		return references.map((reference): ProvidedImage => {
			const exact = this.#index.references.find(
				(i) => i.reference === reference,
			);
			if (exact) return exact;
			// Built images stand in for every tag of their repositories.
			const component = componentFor(
				this.#components,
				parseImageReference(reference),
			);
			const image = this.#index.references.find(
				({ standIn }) => standIn && standIn.component === component?.name,
			);
			if (!image)
				throw new SetUpError(`the archive holds no image for ${reference}`);
			return { ...image, reference };
		});
	}
}

/** The names in the engine of all images of an archive, each once. */
export function namesIn({ components, references }: ArchiveIndex): string[] {
	const all = [...Object.values(components), ...references];
	return uniq(all.map(({ local }) => local));
}

/**
 * Loads the images of an archive into the engine, unless it has them all.
 *
 * @param what the option that names the file, for messages
 * @throws BadInputError if it is no archive of ours, or one for another processor
 */
export async function loadArchive(
	docker: Dockerode,
	file: string,
	what: string,
): Promise<ArchiveIndex> {
	const contents = await readIndex(file, what);
	const processor = await findEngineProcessor();
	if (contents.architecture !== processor) {
		throw new BadInputError(
			`${what}${file}: its images are for ${contents.architecture}, but the Docker engine runs on ${processor}`,
		);
	}
	const present = await Promise.all(
		namesIn(contents).map((name) => engineHas(docker, name)),
	);
	if (present.includes(false)) await loadImages(docker, `${what}${file}`, file);
	return contents;
}

/** Writes images of the engine into a file, with their index. */
export async function saveArchive(
	docker: Dockerode,
	{ id, tempDir }: Pick<Run, "id" | "tempDir">,
	file: string,
	contents: ArchiveIndex,
): Promise<void> {
	await removeUnfinished(file);
	const partial = `${file}.${id}.partial`;
	const dir = await mkdtemp(join(tempDir, "archive-"));
	try {
		await writeFile(join(dir, "index.json"), JSON.stringify(contents, null, 2));
		const stream = await exportImages(docker, namesIn(contents));
		await pipeline(stream, createWriteStream(join(dir, "images.tar")));
		// The index comes first, so that it can be read without reading the images.
		await execa("tar", ["-cf", partial, "-C", dir, "index.json", "images.tar"]);
		// An interruption leaves no file that looks complete.
		await rename(partial, file);
	} finally {
		await rm(dir, { recursive: true, force: true });
		await rm(partial, { force: true });
	}
}

/** Removes what runs that were killed have written of an archive: it is beside the person's files, where no sweep looks. */
export async function removeUnfinished(file: string): Promise<void> {
	const dir = dirname(file);
	for (const name of await readdir(dir)) {
		const runId = name.startsWith(`${basename(file)}.`)
			? /\.([0-9a-f]{8})\.partial$/.exec(name)?.[1]
			: undefined;
		if (runId && !(await isAlive(runId)))
			await rm(join(dir, name), { force: true });
	}
}

async function readIndex(file: string, what: string): Promise<ArchiveIndex> {
	if (!(await stat(file).catch(() => undefined)))
		throw new BadInputError(`${what}${file}: there is no such file`);
	try {
		return index.parse(JSON.parse(await text(readEntry(file, "index.json"))));
	} catch (error) {
		throw new BadInputError(
			`${what}${file}: not an archive that \`npm run images -- --save\` wrote (${messageOf(error).split("\n")[0]})`,
			{ cause: error },
		);
	}
}

/** Like `docker save`. dockerode can only export one image at a time, which would repeat shared layers. */
function exportImages(
	docker: Dockerode,
	names: readonly string[],
): Promise<NodeJS.ReadableStream> {
	return new Promise((resolve, reject) => {
		docker.modem.dial(
			{
				path: "/images/get?",
				options: { names },
				method: "GET",
				isStream: true,
				statusCodes: { 200: true, 404: "no such image", 500: "server error" },
			},
			(error, data) =>
				error ? reject(error) : resolve(data as NodeJS.ReadableStream),
		);
	});
}
