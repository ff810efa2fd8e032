import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { cacheDir } from "../../common/paths.ts";
import {
	downloadDebianPackages,
	isDebian,
	makeMergedUsr,
	unpackDebianPackages,
} from "./debian-packages.ts";
import { installPackages } from "./system-packages.ts";

/** The suite whose docker.io runs privileged containers even if CAP_SYS_RESOURCE is missing. */
const engineSuite = "trixie";

/** Whether a Docker engine can be set up on this machine: on Debian 12 or newer, as root. */
export async function canSetUpEngine(): Promise<boolean> {
	if (!isDebian() || process.getuid?.() !== 0) return false;
	const version = Number.parseInt(
		await readFile("/etc/debian_version", "utf8"),
		10,
	);
	return version >= 12;
}

/**
 * Starts the installed Docker engine, or sets one up: docker.io and containerd of Debian 13 in a folder of the cache, runc
 * and iptables of the system's suite. The engine outlives this process.
 */
export async function startDebianEngine(
	say: (line: string) => void,
): Promise<void> {
	const home = cacheDir("engine");
	const what = "start a Docker engine";
	await withFileLock(home, { what, say }, async () => {
		// Another run may have started it while this one waited.
		if (existsSync("/var/run/docker.sock") && (await answers())) return;
		const { stdout: installed } = await execa("which", ["dockerd"], {
			reject: false,
		});
		const path = installed ? [] : await downloadEngine(home, say);
		const log = openSync(join(home, "dockerd.log"), "a");
		spawn(installed || join(path[0] ?? "", "dockerd"), [], {
			detached: true,
			stdio: ["ignore", log, log],
			env: { ...process.env, PATH: [...path, process.env.PATH].join(":") },
		}).unref();
		await waitForSocket(join(home, "dockerd.log"));
		say("Docker engine: started; it keeps running for the next run");
	});
}

/** @returns folders for the PATH, the one with dockerd first */
async function downloadEngine(
	home: string,
	say: (line: string) => void,
): Promise<string[]> {
	const root = join(home, `root-${engineSuite}`);
	if (!existsSync(join(root, "complete"))) {
		say(
			`Docker engine: downloading docker.io and containerd of Debian ${engineSuite} into ${root}`,
		);
		const packages = await downloadDebianPackages(
			engineSuite,
			["docker.io", "containerd"],
			{ closure: false },
		);
		await makeMergedUsr(root);
		await unpackDebianPackages(packages, root);
		await execa("touch", [join(root, "complete")]);
	}
	await installDependencies(say);
	return [join(root, "usr/sbin"), join(root, "usr/bin")];
}

async function installDependencies(say: (line: string) => void) {
	const missing = Object.entries({
		runc: "/usr/sbin/runc",
		iptables: "/usr/sbin/iptables",
	})
		.filter(([, file]) => !existsSync(file))
		.map(([name]) => name);
	if (missing.length === 0) return;
	say(`Docker engine: installing ${missing.join(" and ")} with apt-get`);
	await installPackages(missing);
}

async function waitForSocket(log: string): Promise<void> {
	await eventually(
		`the Docker engine answers (log: ${log})`,
		budgets.containerStart,
		async () =>
			(await answers()) || notYet("no answer on /var/run/docker.sock"),
	);
}

async function answers(): Promise<boolean> {
	return new Docker({ socketPath: "/var/run/docker.sock" }).ping().then(
		() => true,
		() => false,
	);
}
