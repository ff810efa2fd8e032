import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { extract } from "tar-stream";
import { BadInputError, messageOf, SetUpError } from "../../common/errors.ts";
import { untilDone } from "../docker/docker.ts";

/**
 * The content of a file in a tar archive, which is read no further than that. macOS' tar has no option that stops there.
 *
 * @throws Error if the archive has no such file, or is cut short
 */
export async function* readEntry(
	archive: string,
	name: string,
): AsyncGenerator<unknown> {
	const source = createReadStream(archive);
	const entries = extract();
	source.once("error", (error) => entries.destroy(error)).pipe(entries);
	try {
		for await (const entry of entries) {
			if (entry.header.name === name) {
				yield* entry;
				return;
			}
			entry.resume();
		}
	} finally {
		source.destroy();
	}
	throw new Error(`it has no ${name}`);
}

/**
 * Loads the images of an archive into the engine.
 *
 * @param source what messages call the archive
 * @throws BadInputError if the archive is not whole, SetUpError if the engine does not take it
 */
export async function loadImages(
	docker: Dockerode,
	source: string,
	archive: string,
): Promise<void> {
	let flaw: unknown;
	// The engine waits for the end of what it is sent, also where that comes too early.
	async function* whatIsThere() {
		try {
			yield* readEntry(archive, "images.tar");
		} catch (error) {
			flaw = error;
		}
	}
	const images = Readable.from(whatIsThere(), { objectMode: false });
	const refusal = await docker
		.loadImage(images)
		.then((progress) => untilDone(docker, progress))
		.then(
			() => undefined,
			(error: unknown) => error ?? "no reason",
		);
	// An engine that has refused reads no further.
	images.destroy();
	if (flaw)
		throw new BadInputError(
			`${source}: it is cut short or damaged (${messageOf(flaw)}): copy or save it again`,
			{ cause: flaw },
		);
	if (refusal)
		throw new SetUpError(
			`${source}: the Docker engine could not load its images: ${messageOf(refusal).trim()}`,
			{ cause: refusal },
		);
}
