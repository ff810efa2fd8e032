// Installs what the lockfile pins, if that has changed. Runs on any Node since 16, with npm 7 or newer, and without packages.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
	existsSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds. No npm ci takes longer: the number of its process may be another one's by then. */
const longestInstall = 30 * 60_000;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Ends this process with 130 if a signal comes, as soon as npm has ended.
 *
 * @returns why the packages could not be installed, as a sentence; undefined if they are there
 */
export async function installLockedPackages(root, node) {
	const stamp = join(root, "node_modules", ".o11y-e2e-lock");
	const lock = hashOf(readFileSync(join(root, "package-lock.json")));
	const isInstalled = () =>
		existsSync(node) &&
		existsSync(stamp) &&
		readFileSync(stamp, "utf8") === lock;
	if (isInstalled()) return undefined;
	return oneAtATime(root, async (held) => {
		if (isInstalled()) return undefined;
		console.log("installing the packages that package-lock.json pins (npm ci)");
		if ((await runNpmCi(root, held)) !== 0)
			return "npm ci failed: is the package registry reachable?";
		if (!existsSync(node))
			return `npm ci installed no private Node: there is none for ${process.platform}-${process.arch}`;
		writeFileSync(stamp, lock);
		return undefined;
	});
}

/** @returns npm's exit code; null if it has none */
async function runNpmCi(root, held) {
	let npm;
	let told = 0;
	// Without this, a signal would end this process alone: npm would go on, and another npm ci start beside it.
	const forget = onSignals((signal) => {
		told += 1;
		if (told > 1) npm.kill("SIGKILL");
		// A terminal's Ctrl-C has reached npm, too.
		else if (signal !== "SIGINT" || !process.stdin.isTTY) npm.kill(signal);
	});
	npm = spawn("npm", ["ci", "--include=optional", "--loglevel=error"], {
		cwd: root,
		stdio: ["ignore", "inherit", "inherit"],
	});
	// npm outlives this process if that is killed.
	if (npm.pid) writeFileSync(held, `${process.pid}\n${npm.pid}`);
	const code = await new Promise((resolve) => {
		npm.once("error", () => resolve(null));
		npm.once("exit", resolve);
	});
	forget();
	if (told > 0) {
		rmSync(held, { force: true });
		process.exit(130);
	}
	return code;
}

/** @returns what takes the action back */
function onSignals(action) {
	for (const signal of signals) process.on(signal, action);
	return () => {
		for (const signal of signals) process.off(signal, action);
	};
}

/** Two npm ci in one folder would remove each other's files. */
async function oneAtATime(root, action) {
	const held = join(tmpdir(), `o11y-e2e-install-${hashOf(root).slice(0, 12)}`);
	let told = false;
	const forget = onSignals(() => process.exit(130));
	while (!take(held)) {
		const holder = findHolder(held);
		if (holder === "dead") removeDead(held);
		if (holder === "dead" || holder === "gone") continue;
		if (!told) console.log(`waiting for ${holder} to install the packages`);
		told = true;
		await pause(500);
	}
	forget();
	try {
		return await action(held);
	} finally {
		rmSync(held, { force: true });
	}
}

function take(held) {
	try {
		writeFileSync(held, String(process.pid), { flag: "wx" });
		return true;
	} catch (error) {
		if (error.code === "EEXIST") return false;
		// On a full disk the file is there, without a number.
		rmSync(held, { force: true });
		throw error;
	}
}

/** Who holds the lock; `gone` if it was given back a moment ago, `dead` if its processes have ended without that. */
function findHolder(held) {
	try {
		const age = Date.now() - statSync(held).mtimeMs;
		const pids = readFileSync(held, "utf8").split("\n").filter(Boolean);
		// The number is written a moment after the file.
		if (pids.length === 0) return age > 5000 ? "dead" : "another process";
		if (age > longestInstall) return "dead";
		return pids.map(Number).map(findAlive).find(Boolean) ?? "dead";
	} catch (error) {
		if (error.code === "ENOENT") return "gone";
		throw error;
	}
}

/** Names a process that is alive; undefined if it is not. */
function findAlive(pid) {
	// In a container, this process may have the number of one of yesterday.
	if (pid === process.pid) return undefined;
	try {
		process.kill(pid, 0);
		return `process ${pid}`;
	} catch (error) {
		return error.code === "EPERM" ? "another user's process" : undefined;
	}
}

/** Of several that find a dead lock, one moves it away; a lock that was taken since then is not removed. */
function removeDead(held) {
	const aside = `${held}.${process.pid}`;
	try {
		if (findHolder(held) === "dead") renameSync(held, aside);
	} catch (error) {
		if (error.code !== "ENOENT") throw error;
	}
	rmSync(aside, { force: true });
}

function hashOf(content) {
	return createHash("sha256").update(content).digest("hex");
}
