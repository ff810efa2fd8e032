import {
	chmod,
	mkdir,
	mkdtemp,
	readFile,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { projectPath } from "../e2e/common/paths.ts";
import { makeFakeCheckout } from "./fakes/fake-checkout.ts";
import { privateNodePackage } from "./private-node.mjs";

let root = "";
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "o11y-e2e-node-"));
	await chmod(root, 0o755);
});
afterEach(() => rm(root, { recursive: true }));

const makeCheckout = (script: string) => makeFakeCheckout(root, script);

test.each([
	[
		"that its loader refuses",
		"echo \"version 'GLIBC_2.38' not found\" >&2; exit 1",
		/^the private Node .* cannot be started \(version 'GLIBC_2.38' not found\): it needs glibc/,
		2,
	],
	[
		"that lacks a library",
		'echo "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file" >&2; exit 127',
		/: install that library: apt-get install libatomic1 on Debian and Ubuntu, /,
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

// npm puts node_modules/.bin first in PATH, where the private Node is linked as node.
test("npm starts commands with its own Node, not with a private one that cannot run", async () => {
	const manifest = z
		.object({ scripts: z.record(z.string(), z.string()) })
		.parse(JSON.parse(await readFile(projectPath("package.json"), "utf8")));
	await makeCheckout("exit 127");
	await mkdir(join(root, "node_modules", ".bin"), { recursive: true });
	await symlink(
		join("..", privateNodePackage(), "bin", "node"),
		join(root, "node_modules", ".bin", "node"),
	);
	const scripts = { doctor: manifest.scripts.doctor };
	await writeFile(join(root, "package.json"), JSON.stringify({ scripts }));
	const { exitCode, stderr } = await execa("npm", ["run", "doctor"], {
		cwd: root,
		reject: false,
	});
	expect(stderr).toMatch(/^the private Node .* cannot be started /m);
	expect(exitCode).toBe(2);
});

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

test("a folder for temporary files that is not there ends with 2 and its variable", async () => {
	const bootstrap = await makeCheckout("exit 0");
	const { exitCode, stderr } = await execa(
		process.execPath,
		[bootstrap, "doctor"],
		{ reject: false, env: { TMPDIR: join(root, "nowhere") } },
	);
	expect(stderr).toBe(
		`the folder for temporary files ${join(root, "nowhere")} does not exist: create it, or name another one in TMPDIR`,
	);
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
		expect(stderr).toBe(
			`this user has no home folder: ${home} is used as one (HOME names another one)`,
		);
		expect(stdout).toBe(home);
		expect(exitCode).toBe(0);
	},
);

/** Starts a command as a user of any number. */
function startAs(
	uid: number,
	env: Record<string, string>,
	bootstrap: string,
	tmp = root,
) {
	return execa(
		"setpriv",
		[`--reuid=${uid}`, "--clear-groups", process.execPath, bootstrap, "doctor"],
		{ reject: false, env: { ...env, TMPDIR: tmp } },
	);
}

describe.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
	"of a user of any number",
	() => {
		const uid = 54321;
		beforeEach(() => chmod(root, 0o1777));

		test.each(["/", "", "nowhere", "/nowhere"])(
			"the home folder %j is none",
			async (HOME) => {
				const bootstrap = await makeCheckout('echo "$HOME"');
				const { exitCode, stdout } = await startAs(uid, { HOME }, bootstrap);
				expect(stdout).toBe(join(root, `o11y-e2e-home-${uid}`));
				expect(exitCode).toBe(0);
			},
		);

		test("a home folder that cannot be written stays the home, and the cache goes elsewhere", async () => {
			const bootstrap = await makeCheckout('echo "$HOME $O11Y_E2E_CACHE"');
			const env = { HOME: root, XDG_CACHE_HOME: "" };
			await chmod(root, 0o755);
			const tmp = join(root, "tmp");
			await mkdir(tmp);
			await chmod(tmp, 0o1777);
			const { stdout, stderr } = await startAs(uid, env, bootstrap, tmp);
			const cache = join(tmp, `o11y-e2e-cache-${uid}`);
			expect(stdout).toBe(`${root} ${cache}`);
			expect(stderr).toContain("O11Y_E2E_CACHE names another one");
		});

		test("a folder that somebody else has made is not taken as the home", async () => {
			const bootstrap = await makeCheckout("exit 0");
			await mkdir(join(root, `o11y-e2e-home-${uid}`));
			const { exitCode, stderr } = await startAs(uid, { HOME: "/" }, bootstrap);
			expect(stderr).toMatch(/^set-up failed: .* is not this user's own/);
			expect(exitCode).toBe(2);
		});
	},
);

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
