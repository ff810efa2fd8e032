import { readFile, readlink, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import lockfile, { type LockOptions as LockfileOptions } from "proper-lockfile";
import { z } from "zod";
import { budgets } from "./budgets.ts";
import { SetUpError } from "./errors.ts";
import { stopSignal } from "./interruption.ts";
import { printError } from "./output/terminal.ts";

const retryEvery = 500;

const holder = z.object({
	pid: z.number(),
	host: z.string(),
	/** The namespace of its number; empty where there are none. Older versions did not note it. */
	pids: z.string().optional(),
	/** The script that it runs. */
	command: z.string(),
	since: z.iso.datetime(),
});
type Holder = z.infer<typeof holder>;

interface LockOptions {
	/** What the lock is for, as in "waiting to <what>". */
	readonly what: string;
	/** Prints whose lock is waited for; to standard error by default. */
	readonly say?: (line: string) => void;
}

/**
 * Runs `action` while holding a lock that other processes on this machine respect. The lock of a process that has ended is
 * taken over at once, or after a minute where that cannot be seen: in another container, on another machine.
 *
 * @param path an existing file or folder
 * @throws SetUpError if another process holds it for longer than `budgets.lock`
 */
export async function withFileLock<T>(
	path: string,
	{ what, say = printError }: LockOptions,
	action: () => Promise<T>,
): Promise<T> {
	const release = await acquire(path, what, say);
	return holding(path, release, action);
}

/** As withFileLock, but does nothing if another process has the lock. */
export async function withFreeFileLock(
	path: string,
	action: () => Promise<void>,
): Promise<void> {
	const release =
		(await tryLock(path, lockOptions)) ??
		((await takeOverFromDead(path))
			? await tryLock(path, lockOptions)
			: undefined);
	if (release) await holding(path, release, action);
}

const noteOf = (path: string) => `${path}.holder`;

async function holding<T>(
	path: string,
	release: () => Promise<void>,
	action: () => Promise<T>,
): Promise<T> {
	const note = noteOf(path);
	try {
		await writeFile(note, JSON.stringify(await describeThisProcess()));
		return await action();
	} finally {
		await rm(note, { force: true });
		await release();
	}
}

const lockOptions: LockfileOptions = {
	// The default throws where nothing can catch it. It is safe to go on: the action writes its files under temporary
	// names and renames them at the end.
	onCompromised: () => undefined,
	stale: 60_000,
	update: 10_000,
};

async function acquire(
	path: string,
	what: string,
	say: (line: string) => void,
): Promise<() => Promise<void>> {
	const began = performance.now();
	let told = "";
	let isFirstLook = true;
	for (;;) {
		const release = await tryLock(path, lockOptions);
		if (release) return release;
		if (await takeOverFromDead(path)) continue;
		const found = await readHolder(noteOf(path));
		const whose = found
			? `process ${found.pid} (${found.command}, since ${found.since})`
			: "another process";
		if (performance.now() - began > budgets.lock)
			throw new SetUpError(
				`cannot ${what}: ${whose} has had the lock ${path}.lock for longer than ${budgets.lock / 60_000} minutes`,
			);
		// What this process does side by side concerns nobody, and a lock that was just taken has no note yet.
		const concerns = found ? !(await isThisProcess(found)) : !isFirstLook;
		const line = `waiting to ${what}, which is the turn of ${whose}`;
		if (concerns && line !== told) {
			say(line);
			told = line;
		}
		isFirstLook = false;
		await pause(retryEvery, undefined, { signal: stopSignal });
	}
}

/**
 * Removes the lock of a process that has ended. A second lock sees to it that nobody removes the next process' lock.
 *
 * @returns whether the lock can be tried again at once: false if its process lives, or another process is removing it
 */
async function takeOverFromDead(path: string): Promise<boolean> {
	const note = noteOf(path);
	const isDead = async () => {
		const found = await readHolder(note);
		return found !== undefined && (await hasEnded(found));
	};
	if (!(await isDead())) return false;
	const lockfilePath = `${path}.takeover`;
	const release = await tryLock(path, { lockfilePath });
	if (!release) return false;
	try {
		if (await isDead()) {
			await rm(note);
			await rm(`${path}.lock`, { recursive: true, force: true });
		}
		return true;
	} finally {
		await release();
	}
}

/** @returns how to release it; undefined if another process has it */
async function tryLock(path: string, options: LockfileOptions) {
	try {
		return await lockfile.lock(path, options);
	} catch (error) {
		const isHeld =
			error instanceof Error && "code" in error && error.code === "ELOCKED";
		if (!isHeld) throw error;
	}
}

async function readHolder(note: string): Promise<Holder | undefined> {
	try {
		return holder.parse(JSON.parse(await readFile(note, "utf8")));
	} catch {
		return undefined;
	}
}

async function describeThisProcess(): Promise<Holder> {
	// Without its arguments, which can hold a secret.
	const [, script = "", started = ""] = process.argv;
	const name = basename(script);
	const command = name === "start.mjs" ? started : name;
	const since = new Date().toISOString();
	const pids = await pidNamespace();
	return { pid: process.pid, host: hostname(), pids, command, since };
}

/** Linux' namespace of process numbers: `unshare --pid` and `docker run --uts=host` make another one under the same name. */
function pidNamespace(): Promise<string> {
	return readlink("/proc/self/ns/pid").catch(() => "");
}

async function isThisProcess(found: Holder): Promise<boolean> {
	return found.pid === process.pid && (await canBeSeen(found));
}

/** A container has another host name, or process numbers of its own, or both. */
async function canBeSeen({ host, pids }: Holder): Promise<boolean> {
	return host === hostname() && pids === (await pidNamespace());
}

async function hasEnded(found: Holder): Promise<boolean> {
	if (!(await canBeSeen(found))) return false;
	try {
		process.kill(found.pid, 0);
		return false;
	} catch (error) {
		// EPERM: it lives, and belongs to another user.
		return error instanceof Error && "code" in error && error.code === "ESRCH";
	}
}
