import { readFile, rm, writeFile } from "node:fs/promises";
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
	const note = `${path}.holder`;
	const release = await acquire(path, note, what, say);
	try {
		await writeFile(note, JSON.stringify(describeThisProcess()));
		return await action();
	} finally {
		await rm(note, { force: true });
		await release();
	}
}

async function acquire(
	path: string,
	note: string,
	what: string,
	say: (line: string) => void,
): Promise<() => Promise<void>> {
	const began = performance.now();
	let told = "";
	let isFirstLook = true;
	for (;;) {
		const release = await tryLock(path, {
			// The default throws where nothing can catch it. It is safe to go on: the action writes its files under temporary
			// names and renames them at the end.
			onCompromised: () => undefined,
			stale: 60_000,
			update: 10_000,
		});
		if (release) return release;
		const found = await readHolder(note);
		if (found && hasEnded(found) && (await takeOver(path, note))) continue;
		const whose = found
			? `process ${found.pid} (${found.command}, since ${found.since})`
			: "another process";
		if (performance.now() - began > budgets.lock)
			throw new SetUpError(
				`cannot ${what}: ${whose} has had the lock ${path}.lock for longer than ${budgets.lock / 60_000} minutes`,
			);
		// What this process does side by side concerns nobody, and a lock that was just taken has no note yet.
		const concerns = found ? !isThisProcess(found) : !isFirstLook;
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
 * @returns whether the lock can be tried again at once: false if another process is removing it
 */
async function takeOver(path: string, note: string): Promise<boolean> {
	const lockfilePath = `${path}.takeover`;
	const release = await tryLock(path, { lockfilePath });
	if (!release) return false;
	try {
		const found = await readHolder(note);
		if (found && hasEnded(found)) {
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

function describeThisProcess(): Holder {
	// Without its arguments, which can hold a secret.
	const [, script = "", started = ""] = process.argv;
	const name = basename(script);
	const command = name === "start.mjs" ? started : name;
	const since = new Date().toISOString();
	return { pid: process.pid, host: hostname(), command, since };
}

function isThisProcess({ pid, host }: Holder): boolean {
	return pid === process.pid && host === hostname();
}

/** A container has another host name, and process numbers of its own. */
function hasEnded({ pid, host }: Holder): boolean {
	if (host !== hostname()) return false;
	try {
		process.kill(pid, 0);
		return false;
	} catch (error) {
		// EPERM: it lives, and belongs to another user.
		return error instanceof Error && "code" in error && error.code === "ESRCH";
	}
}
