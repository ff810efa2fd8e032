import { createHash } from "node:crypto";
import {
	chmod,
	cp,
	mkdir,
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { projectPath } from "../e2e/common/paths.ts";
import { findPrivateNode, privateNodePackage } from "./private-node.mjs";

/** Milliseconds, on a machine that does much else. */
const patient = { timeout: 20_000 };

let root = "";
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "o11y-e2e-node-"));
	await chmod(root, 0o755);
});
afterEach(() => rm(root, { recursive: true }));

/** A checkout in which the packages seem to be installed, with a script in the place of the private Node. */
async function makeCheckout(script: string): Promise<string> {
	for (const name of [
		"bootstrap",
		"install-packages",
		"npm-options",
		"private-node",
		"unsupported-system",
	])
		await cp(
			projectPath("scripts", `${name}.mjs`),
			join(root, "scripts", `${name}.mjs`),
		);
	const lock = "{}";
	const node = findPrivateNode(root);
	await mkdir(dirname(node), { recursive: true });
	await writeFile(join(root, "package-lock.json"), lock);
	await writeFile(
		join(root, "node_modules", ".o11y-e2e-lock"),
		createHash("sha256").update(lock).digest("hex"),
	);
	await writeFile(node, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	return join(root, "scripts", "bootstrap.mjs");
}

test.each([
	[
		"that its loader refuses",
		"echo \"version 'GLIBC_2.38' not found\" >&2; exit 1",
		/^the private Node .* cannot be started \(version 'GLIBC_2.38' not found\): it needs glibc/,
		2,
	],
	[
		"of another processor",
		"kill -ILL $$",
		/^the private Node .* cannot be started \(SIGILL\)/,
		2,
	],
	[
		"that is killed",
		'[ "$1" = --version ] || kill -KILL $$',
		/^doctor was ended by SIGKILL, as the kernel does when memory runs out/,
		2,
	],
	["that is stopped", '[ "$1" = --version ] || kill -TERM $$', /^$/, 130],
	["whose command refutes", '[ "$1" = --version ] || exit 1', /^$/, 1],
] as const)(
	"a private Node %s ends with the right code and one sentence",
	async (_, script, sentence, code) => {
		const bootstrap = await makeCheckout(script);
		const { exitCode, stderr } = await execa(
			process.execPath,
			[bootstrap, "doctor"],
			{ reject: false },
		);
		expect(stderr).toMatch(sentence);
		expect(stderr.split("\n")).toHaveLength(1);
		expect(exitCode).toBe(code);
	},
);

test("a checkout that cannot be read ends with 2", async () => {
	const bootstrap = await makeCheckout("exit 0");
	await rm(join(root, "package-lock.json"));
	const { exitCode, stderr } = await execa(
		process.execPath,
		[bootstrap, "doctor"],
		{ reject: false },
	);
	expect(stderr).toMatch(/^set-up failed: ENOENT.*package-lock\.json/);
	expect(exitCode).toBe(2);
});

test("a command whose modules cannot be loaded ends with 2", async () => {
	const { exitCode, stderr } = await execa(
		process.execPath,
		[projectPath("scripts/start.mjs"), "nowhere"],
		{ reject: false },
	);
	expect(stderr).toMatch(/^set-up failed: nowhere cannot be loaded: /);
	expect(exitCode).toBe(2);
});

test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
	"a user without a name and a home folder gets one",
	async () => {
		const bootstrap = await makeCheckout('echo "$HOME"');
		const uid = "54321";
		const { exitCode, stdout, stderr } = await execa(
			"setpriv",
			[
				`--reuid=${uid}`,
				"--clear-groups",
				process.execPath,
				bootstrap,
				"doctor",
			],
			{ reject: false, env: { HOME: undefined } },
		);
		const home = join(tmpdir(), `o11y-e2e-home-${uid}`);
		await rm(home, { recursive: true, force: true });
		expect(stderr).toBe(`this user has no home folder: ${home} is used as one`);
		expect(stdout).toBe(home);
		expect(exitCode).toBe(0);
	},
);

test("of two commands that want to install the packages, the second waits for the first", async () => {
	const bootstrap = await makeCheckout("exit 0");
	await rm(join(root, "node_modules", ".o11y-e2e-lock"));
	const calls = join(root, "calls");
	const go = join(root, "go");
	await mkdir(join(root, "bin"));
	await writeFile(
		join(root, "bin", "npm"),
		`#!/bin/sh\necho "$@" >> ${calls}\nuntil [ -e ${go} ]; do :; done\n`,
		{ mode: 0o755 },
	);
	const start = () =>
		execa(process.execPath, [bootstrap, "doctor"], {
			env: { PATH: `${join(root, "bin")}:${process.env.PATH}`, TMPDIR: root },
		});
	const first = start();
	const read = () => readFile(calls, "utf8").catch(() => "");
	await expect
		.poll(read, patient)
		.toBe("ci --include=optional --loglevel=error\n");
	const second = start();
	let said = "";
	second.stdout.on("data", (chunk) => {
		said += chunk;
	});
	await expect
		.poll(() => said, patient)
		.toBe(`waiting for process ${first.pid} to install the packages\n`);
	await writeFile(go, "");
	await Promise.all([first, second]);
	expect(await read()).toBe("ci --include=optional --loglevel=error\n");
	expect((await second).stdout).not.toContain("npm ci");
});

test("a lock whose process is gone is not waited for", async () => {
	const bootstrap = await makeCheckout("exit 0");
	await rm(join(root, "node_modules", ".o11y-e2e-lock"));
	await mkdir(join(root, "bin"));
	await writeFile(join(root, "bin", "npm"), "#!/bin/sh\nkill -KILL $PPID\n", {
		mode: 0o755,
	});
	const start = (path: string) =>
		execa(process.execPath, [bootstrap, "doctor"], {
			env: { PATH: `${path}:${process.env.PATH}`, TMPDIR: root },
			reject: false,
		});
	expect((await start(join(root, "bin"))).signal).toBe("SIGKILL");
	await writeFile(join(root, "bin", "npm"), "#!/bin/sh\nexit 0\n");
	expect((await start(join(root, "bin"))).exitCode).toBe(0);
});

test.each([
	["linux", "x64"],
	["linux", "arm64"],
	["darwin", "x64"],
	["darwin", "arm64"],
])(
	"the private Node of %s on %s is pinned by its checksum",
	async (platform, arch) => {
		const lockfile = z
			.object({
				packages: z.record(
					z.string(),
					z.looseObject({ integrity: z.string().optional() }),
				),
			})
			.parse(
				JSON.parse(await readFile(projectPath("package-lock.json"), "utf8")),
			);
		const name = `node_modules/${privateNodePackage(platform, arch)}`;
		expect(lockfile.packages[name]).toMatchObject({
			integrity: expect.stringMatching(/^sha512-/),
			os: platform,
			cpu: arch,
		});
	},
);
