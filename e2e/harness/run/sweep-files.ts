import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFreeFileLock } from "../../common/file-lock.ts";
import { cacheDir } from "../../common/paths.ts";
import { isAlive, ownerKey, tempPrefix } from "./run.ts";
import { isPartialFile } from "./whole-file.ts";

/** Milliseconds after which nobody is still writing a file, or naming an image that is imported. */
const abandonedAfter = 3600 * 1000;

/** Removes the temporary folders of dead runs of this owner. */
export async function removeTempFiles(): Promise<void> {
	const names = await readdir(tmpdir());
	for (const name of names.filter((each) => each.startsWith(tempPrefix))) {
		const path = join(tmpdir(), name);
		const info = await stat(path).catch(() => undefined);
		if (info?.uid !== process.getuid?.()) continue;
		if (!(await isAlive(name.slice(tempPrefix.length).split(".")[0] ?? "")))
			await rm(path, { recursive: true, force: true });
	}
}

/** Does something unless a process with this cache builds images: the lock is that of build-source.ts. */
export async function whenNobodyBuilds(
	action: () => Promise<void>,
): Promise<void> {
	return withFreeFileLock(cacheDir("locks"), action);
}

/** Removes the root folders of interrupted builds: some have hundreds of megabytes. */
export async function removeRoots(): Promise<void> {
	const folder = cacheDir("roots");
	if ((await readdir(folder)).length === 0) return;
	await whenNobodyBuilds(() => rm(folder, { recursive: true, force: true }));
}

/** The folders of the cache with files that are written under another name first, and what such a name looks like. */
const written: readonly (readonly [string[], (name: string) => boolean])[] = [
	[["charts"], isPartialFile],
	[["modules"], isPartialFile],
	[["kept", ownerKey], isPartialFile],
	// Of debian-packages.ts; in the first one, folders.
	[["apt", "downloads"], () => true],
	[["apt", "archive"], (name) => /^\.[0-9a-f-]{36}$/.test(name)],
];

/** Removes what interrupted writing has left in the cache. */
export async function removePartialFiles(now = Date.now()): Promise<void> {
	for (const [names, isPartial] of written) {
		const folder = cacheDir(...names);
		for (const name of (await readdir(folder)).filter(isPartial)) {
			const path = join(folder, name);
			const info = await stat(path).catch(() => undefined);
			// A package keeps the time at which Debian made it: only its inode's tells when it came here.
			if (info && now - info.ctimeMs > abandonedAfter)
				await rm(path, { recursive: true, force: true });
		}
	}
}

/**
 * The names that builds give an image until it is whole, of images that are not new: another machine may be building on the
 * same engine, which its lock does not tell.
 */
export function findPartialImages(
	images: readonly {
		readonly Created: number;
		readonly RepoTags?: readonly string[] | null | undefined;
	}[],
	now: number,
): string[] {
	return images
		.filter(({ Created: seconds }) => now - seconds * 1000 > abandonedAfter)
		.flatMap(({ RepoTags: tags }) => tags ?? [])
		.filter((name) => /^built-here\..*-partial$/.test(name));
}
