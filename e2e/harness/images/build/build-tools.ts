import { access, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { SetUpError } from "../../../common/errors.ts";
import { withFileLock } from "../../../common/file-lock.ts";
import { cacheDir } from "../../../common/paths.ts";
import {
	downloadDebianPackages,
	isDebian,
	makeMergedUsr,
	unpackDebianPackages,
} from "../../docker/debian-packages.ts";
import { installPackages } from "../../docker/system-packages.ts";

/** Since 1.21, Go downloads the toolchain that a module asks for. */
const oldestGo = [1, 21] as const;
/** The Debian suite that has a Go which is new enough for that, and its version. */
const debianGo = { suite: "trixie", version: "1.24" } as const;

/**
 * Makes sure that there are Go and a C compiler to build with. On Debian, a missing Go is downloaded into the cache; as
 * root, a missing compiler is installed.
 *
 * @returns the PATH to build with
 * @throws SetUpError with what to install
 */
export async function ensureBuildTools(
	say: (line: string) => void,
): Promise<string> {
	if (!isDebian()) {
		throw new SetUpError(
			"images are built from Debian's packages, but this machine is no Debian: take images from a registry (--images pull) or from a file (--images archive:<file>)",
		);
	}
	await ensureCompiler(say);
	return ensureGo(say);
}

/** @returns the PATH with Go: the machine's own, or Debian's in the cache */
async function ensureGo(say: (line: string) => void): Promise<string> {
	const path = process.env.PATH ?? "";
	if (await isGoNewEnough()) return path;
	return [await downloadGo(say), path].join(delimiter);
}

async function isGoNewEnough(): Promise<boolean> {
	const { stdout = "" } = await execa("go", ["env", "GOVERSION"], {
		reject: false,
	});
	const found = /^go(\d+)\.(\d+)/.exec(stdout);
	if (!found) return false;
	const [major, minor] = [Number(found[1]), Number(found[2])];
	return major > oldestGo[0] || minor >= oldestGo[1];
}

/** Downloads Debian's Go into the cache, unless it is there. @returns the folder of the command go */
export async function downloadGo(say: (line: string) => void): Promise<string> {
	const root = cacheDir("build-tools");
	const bin = join(root, "usr/lib", `go-${debianGo.version}`, "bin");
	await withFileLock(root, { what: "download Go", say }, async () => {
		if (await exists(join(bin, "go"))) return;
		say(
			`build: this machine has no Go of 1.21 or newer, downloading that of Debian ${debianGo.suite}`,
		);
		const name = `golang-${debianGo.version}`;
		const packages = await downloadDebianPackages(
			debianGo.suite,
			[`${name}-go`, `${name}-src`],
			{ closure: false },
		);
		const usr = join(root, "usr");
		await rm(usr, { recursive: true, force: true });
		// An interruption leaves nothing that looks complete.
		const partial = join(root, "partial");
		await rm(partial, { recursive: true, force: true });
		await makeMergedUsr(partial);
		await unpackDebianPackages(packages, partial);
		await rename(join(partial, "usr"), usr);
		await rm(partial, { recursive: true });
	});
	return bin;
}

async function ensureCompiler(say: (line: string) => void): Promise<void> {
	const wanted = { gcc: "gcc", "libc6-dev": "", "pkg-config": "pkg-config" };
	const commands = Object.values(wanted).filter(Boolean);
	const found = await Promise.all(
		commands.map((command) => execa("which", [command], { reject: false })),
	);
	if (found.every(({ exitCode }) => exitCode === 0)) return;
	const names = Object.keys(wanted);
	if (process.getuid?.() !== 0) {
		throw new SetUpError(
			`building k3s needs a C compiler: run apt-get install ${names.join(" ")}`,
		);
	}
	say(`build: installing ${names.join(", ")} with apt-get`);
	await installPackages(names);
}

function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}
