import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import envPaths from "env-paths";
import { reasonOf, SetUpError } from "./errors.ts";

/** The project's root folder. */
export const projectRoot = resolve(import.meta.dirname, "../..");

/** The folder of what outlives a run: parts of built images, downloads, kept clusters. O11Y_E2E_CACHE moves it. */
export function cacheRoot(): string {
	const named = process.env.O11Y_E2E_CACHE;
	return named ? resolve(named) : envPaths("o11y-e2e", { suffix: "" }).cache;
}

/** The path of a folder in the cache, created if it does not exist. @throws SetUpError if it cannot be created */
export function cacheDir(...names: string[]): string {
	const path = join(cacheRoot(), ...names);
	try {
		mkdirSync(path, { recursive: true });
	} catch (cause) {
		throw new SetUpError(
			`the folder ${path} of the cache cannot be created (${reasonOf(cause)}): name another place for it in O11Y_E2E_CACHE`,
			{ cause },
		);
	}
	return path;
}

let temporary = tmpdir();

/** Makes a run's own folder the one for temporary files of this process and of those that it starts. */
export function useTempDir(path: string): void {
	temporary = path;
}

/** The folder for temporary files. A run's is removed at its end, or by the next command if it was killed. */
export function tempDir(): string {
	return temporary;
}

/** The path of a file or folder of the project. */
export function projectPath(...names: string[]): string {
	return join(projectRoot, ...names);
}
