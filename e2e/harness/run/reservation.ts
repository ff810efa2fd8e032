import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import {
	readFile,
	realpath,
	rm,
	stat,
	utimes,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMissingFile } from "../../common/errors.ts";
import { withFreeFileLock } from "../../common/file-lock.ts";
import { showLife, showsLife, sightKey } from "./sign-of-life.ts";

/** A report's folder, reserved for this process. */
export interface ReportFolder {
	/** Lets other runs write their reports there. The end of the process does so, too. */
	release(): void;
}

/**
 * Shows other runs that a folder is in use: those that see this process' signs of life by one, and all others by a file in
 * the folder, such as a container's and its host's that share a checkout.
 *
 * @returns undefined if one of them uses it
 * @throws the system's error if the folder cannot be written
 */
export async function reserveFolder(
	dir: string,
): Promise<ReportFolder | undefined> {
	const sign = await showUse(dir);
	if (!sign) return undefined;
	const isMarked = await mark(dir).catch((error: unknown) => {
		sign.release();
		throw error;
	});
	if (!isMarked) {
		sign.release();
		return undefined;
	}
	const file = join(dir, markName);
	const touch = setInterval(() => {
		const now = new Date();
		// A person may have removed the folder.
		utimes(file, now, now).catch(() => undefined);
	}, touchEvery).unref();
	const unmark = () => rmSync(file, { force: true });
	process.once("exit", unmark);
	return {
		release: () => {
			clearInterval(touch);
			process.off("exit", unmark);
			unmark();
			sign.release();
		},
	};
}

async function showUse(dir: string): Promise<ReportFolder | undefined> {
	const key = createHash("sha256")
		.update(await realpath(dir))
		.digest("hex")
		.slice(0, 12);
	const id = `report-${key}`;
	const socket = join(tmpdir(), `o11y-e2e-${id}.sock`);
	if (await showsLife(id, socket)) return undefined;
	// That of a process that was killed.
	await rm(socket, { force: true });
	// Another one may be quicker.
	const server = await showLife(id, socket).catch(() => undefined);
	if (!server) return undefined;
	const forget = () => rmSync(socket, { force: true });
	process.once("exit", forget);
	return {
		release: () => {
			process.off("exit", forget);
			server.close();
		},
	};
}

/** It is there while a report is written, and touched so often, in milliseconds. */
const markName = ".o11y-e2e-writing";
const touchEvery = 10_000;
/** Milliseconds after which nobody touches it any more. */
const abandonedAfter = 60_000;

/** @returns whether no process that this one cannot see writes there */
async function mark(dir: string): Promise<boolean> {
	const file = join(dir, markName);
	for (;;) {
		try {
			await writeFile(file, sightKey(), { flag: "wx" });
			return true;
		} catch (error) {
			const isThere =
				error instanceof Error && "code" in error && error.code === "EEXIST";
			if (!isThere) throw error;
		}
		if (await isForeign(file)) return false;
		if (!(await removeAbandoned(file))) return false;
	}
}

/**
 * Removes the mark of a process that is dead. Of several that find it, one at a time looks again and removes it: by then
 * it may be the mark of another one of them.
 *
 * @returns false if another process is doing that
 */
async function removeAbandoned(file: string): Promise<boolean> {
	let isDone = false;
	try {
		await withFreeFileLock(file, async () => {
			if (!(await isForeign(file))) await rm(file, { force: true });
			isDone = true;
		});
	} catch (error) {
		// There must be a file to lock: it was removed a moment ago.
		if (!isMissingFile(error)) throw error;
		return true;
	}
	return isDone;
}

/** One that this process would have seen is dead. */
async function isForeign(file: string): Promise<boolean> {
	try {
		const { mtimeMs } = await stat(file);
		const isFresh = Date.now() - mtimeMs < abandonedAfter;
		return isFresh && (await readFile(file, "utf8")) !== sightKey();
	} catch (error) {
		if (isMissingFile(error)) return false;
		throw error;
	}
}
