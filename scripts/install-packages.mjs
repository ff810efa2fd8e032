// Installs what the lockfile pins, if that has changed. Runs on any Node since 16, with npm 7 or newer, and without packages.
import { spawnSync } from "node:child_process";
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

/** Milliseconds. No npm ci takes longer: the number of its process may be another one's by then. */
const longestInstall = 30 * 60_000;

/** @returns why the packages could not be installed, as a sentence; undefined if they are there */
export function installLockedPackages(root, node) {
	const stamp = join(root, "node_modules", ".o11y-e2e-lock");
	const lock = hashOf(readFileSync(join(root, "package-lock.json")));
	const isInstalled = () =>
		existsSync(node) &&
		existsSync(stamp) &&
		readFileSync(stamp, "utf8") === lock;
	if (isInstalled()) return undefined;
	return oneAtATime(root, () => {
		if (isInstalled()) return undefined;
		console.log("installing the packages that package-lock.json pins (npm ci)");
		const npm = spawnSync(
			"npm",
			["ci", "--include=optional", "--loglevel=error"],
			{
				cwd: root,
				stdio: ["ignore", "inherit", "inherit"],
			},
		);
		if (npm.status !== 0)
			return "npm ci failed: is the package registry reachable?";
		if (!existsSync(node))
			return `npm ci installed no private Node: there is none for ${process.platform}-${process.arch}`;
		writeFileSync(stamp, lock);
		return undefined;
	});
}

/** Two npm ci in one folder would remove each other's files. */
function oneAtATime(root, action) {
	const held = join(tmpdir(), `o11y-e2e-install-${hashOf(root).slice(0, 12)}`);
	let told = false;
	while (!take(held)) {
		const holder = findHolder(held);
		if (holder === "dead") removeDead(held);
		if (holder === "dead" || holder === "gone") continue;
		if (!told) console.log(`waiting for ${holder} to install the packages`);
		told = true;
		sleep(500);
	}
	try {
		return action();
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

/** Who holds the lock; `gone` if it was given back a moment ago, `dead` if its process has ended without that. */
function findHolder(held) {
	try {
		const age = Date.now() - statSync(held).mtimeMs;
		const pid = Number(readFileSync(held, "utf8"));
		// The number is written a moment after the file.
		if (pid === 0) return age > 5000 ? "dead" : "another process";
		// In a container, this process may have the number of one of yesterday.
		if (age > longestInstall || pid === process.pid) return "dead";
		process.kill(pid, 0);
		return `process ${pid}`;
	} catch (error) {
		if (error.code === "ENOENT") return "gone";
		return error.code === "EPERM" ? "another user's process" : "dead";
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

function sleep(milliseconds) {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function hashOf(content) {
	return createHash("sha256").update(content).digest("hex");
}
