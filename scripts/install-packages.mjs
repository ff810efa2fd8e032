// Installs what the lockfile pins, if that has changed. Runs on any Node since 16, with npm 7 or newer, and without packages.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	accessSync,
	constants,
	existsSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds. No npm ci takes longer: the number of its process may be another one's by then. */
const longestInstall = 30 * 60_000;
/** Milliseconds. A lock is touched so often, and one of another container or machine is dead after that long without it. */
const touched = { every: 10_000, deadAfter: 60_000 };

/** Milliseconds, as in e2e/common/interruption.ts. */
const sameSignal = 1000;

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
	const held = join(root, ".o11y-e2e-install");
	try {
		accessSync(root, constants.W_OK);
	} catch {
		return `the packages that package-lock.json pins are not installed, and this user may not write to ${root}: run npm ci there as its owner`;
	}
	return oneAtATime(held, async () => {
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
	let told;
	// Without this, a signal would end this process alone: npm would go on, and another npm ci start beside it.
	const forget = onSignals((signal) => {
		const now = performance.now();
		// The npm above passes on what its whole group has got: that is no second signal.
		if (told === undefined) npm.kill(signal);
		else if (now - told > sameSignal) npm.kill("SIGKILL");
		told ??= now;
	});
	npm = spawn("npm", ["ci", "--include=optional", "--loglevel=error"], {
		cwd: root,
		stdio: ["ignore", "inherit", "inherit"],
	});
	// npm outlives this process if that is killed.
	if (npm.pid) note(held, [process.pid, npm.pid]);
	const code = await new Promise((resolve) => {
		npm.once("error", () => resolve(null));
		npm.once("exit", resolve);
	});
	// Not before: the same signal, passed on, would end this process with the lock in place.
	if (told !== undefined) {
		rmSync(held, { force: true });
		process.exit(130);
	}
	forget();
	return code;
}

/** @returns what takes the action back */
function onSignals(action) {
	for (const signal of signals) process.on(signal, action);
	return () => {
		for (const signal of signals) process.off(signal, action);
	};
}

/**
 * Two npm ci in one folder would remove each other's files. The lock is in that folder, because processes that share it
 * may each have their own folder for temporary files.
 */
async function oneAtATime(held, action) {
	let told = false;
	const forget = onSignals(() => process.exit(130));
	while (!take(held)) {
		const holder = findHolder(held);
		if (holder === "gone" || (holder === "dead" && removeDead(held))) continue;
		if (!told && holder !== "dead") {
			console.log(`waiting for ${holder} to install the packages`);
			told = true;
		}
		await pause(500);
	}
	forget();
	const touch = setInterval(() => {
		const now = new Date();
		try {
			utimesSync(held, now, now);
		} catch {
			// Somebody has removed it: nothing is gained by ending npm.
		}
	}, touched.every).unref();
	try {
		return await action();
	} finally {
		clearInterval(touch);
		rmSync(held, { force: true });
	}
}

function take(held) {
	try {
		note(held, [process.pid], "wx");
		return true;
	} catch (error) {
		if (error.code === "EEXIST") return false;
		// On a full disk the file is there, without a number.
		if (error.code === "ENOSPC") rmSync(held, { force: true });
		throw error;
	}
}

/** Where process numbers mean the same: containers have their own, mostly under another host name, too. */
function here() {
	try {
		return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
	} catch {
		return hostname();
	}
}

/** Notes processes with their start: another one may have the number later. */
function note(held, pids, flag = "w") {
	const lines = pids.map((pid) => `${pid} ${startOf(pid)}`);
	writeFileSync(held, [here(), ...lines].join("\n"), { flag });
}

/** When a process was started, in the system's own words; empty if it cannot be seen. */
function startOf(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		// The 22nd field. The second one, the command, may have spaces in it.
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
	} catch {
		if (existsSync("/proc/self/stat")) return "";
		const ps = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)]);
		return String(ps.stdout ?? "").trim();
	}
}

/** Who holds the lock; `gone` if it was given back a moment ago, `dead` if its processes have ended without that. */
function findHolder(held) {
	try {
		const age = Date.now() - statSync(held).mtimeMs;
		const [where, ...lines] = readFileSync(held, "utf8").split("\n");
		// They are written a moment after the file.
		if (lines.length === 0) return age > 5000 ? "dead" : "another process";
		if (where !== here())
			return age > touched.deadAfter
				? "dead"
				: "a process of another container or machine";
		if (age > longestInstall) return "dead";
		return lines.map(findAlive).find(Boolean) ?? "dead";
	} catch (error) {
		if (error.code === "ENOENT") return "gone";
		throw error;
	}
}

/** Names a process that is alive; undefined if it is not. @param line its number and its start */
function findAlive(line) {
	const [number, ...start] = line.split(" ");
	const pid = Number(number);
	// In a container, this process may have the number of one of yesterday.
	if (pid === process.pid) return undefined;
	const noted = start.join(" ");
	const seen = startOf(pid);
	if (noted && seen && noted !== seen) return undefined;
	try {
		process.kill(pid, 0);
		return `process ${pid}`;
	} catch (error) {
		return error.code === "EPERM" ? "another user's process" : undefined;
	}
}

/**
 * Of several that find a dead lock, one at a time looks again and removes it: by then it may be the lock of another one of
 * them. Only where one was killed while it did that may two remove what it left, the second one the first one's.
 *
 * @returns false if another process is doing that
 */
function removeDead(held) {
	const removal = `${held}.removal`;
	if (!take(removal)) {
		if (findHolder(removal) === "dead") rmSync(removal, { force: true });
		return false;
	}
	try {
		if (findHolder(held) === "dead") rmSync(held, { force: true });
	} finally {
		rmSync(removal, { force: true });
	}
	return true;
}

function hashOf(content) {
	return createHash("sha256").update(content).digest("hex");
}
