import { once } from "node:events";
import {
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	readlink,
	rm,
	utimes,
	writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFakeCheckout, playedTerminal } from "./fakes/fake-checkout.ts";

/** Milliseconds, on a machine that does much else. */
const patient = { timeout: 20_000 };

const lockName = ".o11y-e2e-install";
let root = "";
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "o11y-e2e-install-test-"));
});
afterEach(() => rm(root, { recursive: true }));

/** What the fake npm does until the file `go` exists, or its folder is gone. */
const untilGo = () =>
	`while [ -d ${root} ] && [ ! -e ${join(root, "go")} ]; do sleep 0.1; done\n`;

/** A checkout without packages, with this script for npm. @returns what starts a command of it */
async function makeCheckout(npm: string) {
	const bootstrap = await makeFakeCheckout(root, "exit 0");
	await rm(join(root, "node_modules", ".o11y-e2e-lock"));
	const bin = join(root, "bin");
	await mkdir(bin);
	await writeFile(join(bin, "npm"), `#!/bin/sh\n${npm}`, { mode: 0o755 });
	return (tmp = root, ...nodeOptions: readonly string[]) =>
		execa(process.execPath, [...nodeOptions, bootstrap, "doctor"], {
			env: { PATH: `${bin}:${process.env.PATH}`, TMPDIR: tmp },
			reject: false,
		});
}

test("of two commands that want to install the packages, the second waits for the first", async () => {
	const calls = join(root, "calls");
	const start = await makeCheckout(`echo "$@" >> ${calls}\n${untilGo()}`);
	const first = start();
	const read = () => readFile(calls, "utf8").catch(() => "");
	await expect
		.poll(read, patient)
		.toBe("ci --include=optional --loglevel=error\n");
	// As with systemd's PrivateTmp, or in a container that shares the checkout.
	const second = start(join(root, "scripts"));
	let said = "";
	second.stdout.on("data", (chunk) => {
		said += chunk;
	});
	await expect
		.poll(() => said, patient)
		.toBe(`waiting for process ${first.pid} to install the packages\n`);
	await writeFile(join(root, "go"), "");
	expect([(await first).exitCode, (await second).exitCode]).toEqual([0, 0]);
	expect(await read()).toBe("ci --include=optional --loglevel=error\n");
	expect((await second).stdout).not.toContain("npm ci");
});

test("a lock whose process is gone is not waited for", async () => {
	const start = await makeCheckout("kill -KILL $PPID\n");
	expect((await start()).signal).toBe("SIGKILL");
	await writeFile(join(root, "bin", "npm"), "#!/bin/sh\nexit 0\n");
	expect((await start()).exitCode).toBe(0);
});

test("a lock whose process' number another one has by now is not waited for", async () => {
	const start = await makeCheckout("exit 0\n");
	const pids = await readlink("/proc/self/ns/pid");
	await writeFile(
		join(root, lockName),
		`${hostname()} ${pids}\n${process.pid} 1`,
	);
	expect((await start()).exitCode).toBe(0);
});

test("a lock of another container is waited for while it is touched, and no longer", async () => {
	const start = await makeCheckout("exit 0\n");
	const lock = join(root, lockName);
	await writeFile(lock, "elsewhere\n1 1");
	const waiting = start();
	const [said] = await once(waiting.stdout, "data");
	expect(String(said)).toBe(
		"waiting for a process of another container or machine to install the packages\n",
	);
	const before = new Date(Date.now() - 61_000);
	await utimes(lock, before, before);
	expect((await waiting).exitCode).toBe(0);
});

test("a dead lock that another command is about to remove is left to it, until that one is dead itself", async () => {
	const removal = join(root, `${lockName}.removal`);
	const start = await makeCheckout(`[ ! -e ${removal} ]\n`);
	await writeFile(join(root, lockName), "elsewhere\n1 1");
	await writeFile(removal, "elsewhere\n1 1");
	const before = new Date(Date.now() - 61_000);
	await utimes(join(root, lockName), before, before);
	// It is dead in a second.
	const almost = new Date(Date.now() - 59_000);
	await utimes(removal, almost, almost);
	expect((await start()).exitCode).toBe(0);
	expect((await readdir(root)).join()).not.toContain(lockName);
});

/** A checkout without packages, and a first command whose npm runs until the file `go` exists. */
async function startInstalling(...nodeOptions: readonly string[]) {
	const pid = join(root, "pid");
	const go = join(root, "go");
	const start = await makeCheckout(
		`trap 'cd ${root}; touch asked; while [ ! -e again ]; do sleep 0.1; done; touch ended; exit 1' INT TERM\necho $$ >> ${pid}\n${untilGo()}`,
	);
	const first = start(root, ...nodeOptions);
	const readPid = () => readFile(pid, "utf8").catch(() => "");
	await expect.poll(readPid, patient).toMatch(/\d\n/);
	const npm = Number(await readPid());
	// npm may run a moment before its command has noted its number.
	await expect.poll(readLock, patient).toEqual([first.pid, npm]);
	return { start, first, go, npm };
}

/** The processes that the lock names. */
async function readLock(): Promise<number[]> {
	const text = await readFile(join(root, lockName), "utf8").catch(() => "");
	return text
		.split("\n")
		.slice(1)
		.map((line) => Number.parseInt(line, 10));
}

function isProcess(pid = 0): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

// npm above passes on what its group has got, and what it got alone: the first may come twice.
test.each([
	["SIGTERM", []],
	["SIGINT", ["--import", playedTerminal]],
] as const)(
	"%s ends npm ci before it ends the command, with 130 and without a lock",
	async (signal, options) => {
		const { first } = await startInstalling(...options);
		first.kill(signal);
		await expect.poll(() => readdir(root), patient).toContain("asked");
		first.kill(signal);
		await writeFile(join(root, "again"), "");
		const { exitCode, stderr } = await first;
		expect(stderr).toBe("");
		expect(exitCode).toBe(130);
		expect(await readdir(root)).toContain("ended");
		expect((await readdir(root)).join()).not.toContain(lockName);
	},
);

test("an npm ci that outlived its command is waited for", async () => {
	const { start, first, go, npm } = await startInstalling();
	first.kill("SIGKILL");
	// Not the end of its output, which npm holds.
	await expect.poll(() => isProcess(first.pid), patient).toBe(false);
	const second = start();
	let said = "";
	second.stdout.on("data", (chunk) => {
		said += chunk;
	});
	await expect
		.poll(() => said, patient)
		.toBe(`waiting for process ${npm} to install the packages\n`);
	await writeFile(go, "");
	expect((await second).exitCode).toBe(0);
});

test("a signal ends a command that waits for another's npm ci", async () => {
	const { start, first, go } = await startInstalling();
	const second = start();
	await new Promise((resolve) => second.stdout.once("data", resolve));
	second.kill("SIGTERM");
	expect((await second).exitCode).toBe(130);
	await writeFile(go, "");
	expect((await first).exitCode).toBe(0);
});
