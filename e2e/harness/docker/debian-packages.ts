import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import {
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rename,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { SetUpError } from "../../common/errors.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { cacheDir, tempDir } from "../../common/paths.ts";
import { readWayOut } from "./way-out.ts";

/** A downloaded Debian package. */
export interface DebianPackage {
	readonly name: string;
	readonly version: string;
	readonly file: string;
}

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const systemAuthorities = "/etc/ssl/certs/ca-certificates.crt";
/** Milliseconds that package lists are used before they are updated. */
const freshFor = 24 * 3600 * 1000;

/**
 * Downloads packages of any suite from the mirror that this machine's apt uses. apt verifies them. The system's sources,
 * lists and packages are not touched.
 *
 * @param closure whether to download what the packages depend on, too
 */
export async function downloadDebianPackages(
	suite: string,
	packages: readonly string[],
	{ closure }: { closure: boolean },
): Promise<DebianPackage[]> {
	const state = cacheDir("apt", suite);
	const options = await withFileLock(
		state,
		{ what: `read Debian ${suite}'s lists of packages` },
		() => refreshLists(suite, state),
	);
	// Not the folder for temporary files: an engine is set up before the run has one that a sweep removes.
	const target = await mkdtemp(join(cacheDir("apt", "downloads"), "apt-"));
	const env = { ...(await aptEnvironment()), TMPDIR: target };
	try {
		if (closure) {
			await mkdir(join(target, "partial"));
			await execa(
				"apt-get",
				[
					...options,
					`--option=Dir::Cache::archives=${target}`,
					"--option=Debug::NoLocking=true",
					"--download-only",
					"--yes",
					"install",
					...packages,
				],
				{ env },
			);
		} else {
			await execa("apt-get", [...options, "download", ...packages], {
				cwd: target,
				env,
			});
		}
		const archive = cacheDir("apt", "archive");
		const files = (await readdir(target)).filter((f) => f.endsWith(".deb"));
		return await Promise.all(
			files.map(async (file) => {
				const { stdout } = await execa("dpkg-deb", [
					"--field",
					join(target, file),
					"Package",
					"Version",
				]);
				const [, name = file, version = ""] =
					/^Package: (.*)\nVersion: (.*)$/.exec(stdout) ?? [];
				// From another file system, a file is there bit by bit.
				const partial = join(archive, `.${randomUUID()}`);
				await execa("mv", [join(target, file), partial]);
				await rename(partial, join(archive, file));
				return { name, version, file: join(archive, file) };
			}),
		);
	} catch (error) {
		throw new SetUpError(
			`the packages ${packages.join(", ")} of Debian ${suite} could not be downloaded: ${aptReason(error)}`,
			{ cause: error },
		);
	} finally {
		await rm(target, { recursive: true, force: true });
	}
}

/** Unpacks packages into a root folder that `makeMergedUsr` has prepared. Their maintainer scripts do not run. */
export async function unpackDebianPackages(
	packages: readonly DebianPackage[],
	root: string,
): Promise<void> {
	for (const { file } of packages) {
		// dpkg-deb --extract would replace the links of the merged /usr with folders.
		await execa("dpkg-deb", ["--fsys-tarfile", file], {
			encoding: "buffer",
			maxBuffer: 1e9,
		}).pipe("tar", ["-x", "--keep-directory-symlink", "-C", root]);
	}
}

/** Whether packages of any suite of Debian can be downloaded here: Ubuntu and others have apt, but other sources. */
export function isDebian(): boolean {
	return existsSync("/usr/bin/apt-get") && isOfDebian(readOsRelease());
}

/** @param osRelease the content of /etc/os-release */
export function isOfDebian(osRelease: string): boolean {
	return /^ID=(["']?)debian\1\s*$/m.test(osRelease);
}

function readOsRelease(): string {
	return existsSync("/etc/os-release")
		? readFileSync("/etc/os-release", "utf8")
		: "";
}

/** Makes /bin, /sbin and /lib links into /usr, so that packages of both layouts fit together. */
export async function makeMergedUsr(root: string): Promise<void> {
	for (const dir of ["bin", "sbin", "lib", "lib64"]) {
		await mkdir(join(root, "usr", dir), { recursive: true });
		if (!existsSync(join(root, dir)))
			await symlink(`usr/${dir}`, join(root, dir));
	}
}

async function refreshLists(suite: string, state: string): Promise<string[]> {
	for (const dir of ["lists/partial", "cache/archives/partial"]) {
		await mkdir(join(state, dir), { recursive: true });
	}
	await writeFile(
		join(state, "sources.list"),
		`deb [signed-by=${keyring}] ${await debianMirror()} ${suite} main\n`,
	);
	await writeFile(join(state, "status"), "");
	const options = [
		"--quiet=2",
		...Object.entries({
			"Dir::Etc::sourcelist": join(state, "sources.list"),
			"Dir::Etc::sourceparts": "/dev/null",
			"Dir::Etc::preferences": "/dev/null",
			"Dir::Etc::preferencesparts": "/dev/null",
			"Dir::State::lists": join(state, "lists"),
			"Dir::State::status": join(state, "status"),
			"Dir::State::extended_states": join(state, "extended_states"),
			"Dir::Cache": join(state, "cache"),
			"APT::Install-Recommends": "false",
			"APT::Sandbox::User": "",
			// By default, apt falls back to old lists if it cannot download new ones.
			"APT::Update::Error-Mode": "any",
		}).map(([key, value]) => `--option=${key}=${value}`),
		...(await trustAuthorities(state)),
	];
	const stamp = join(state, "updated");
	const updated = existsSync(stamp) ? Number(await readFile(stamp, "utf8")) : 0;
	if (Date.now() - updated > freshFor) {
		const temporary = await mkdtemp(join(cacheDir("apt", "downloads"), "apt-"));
		try {
			const env = { ...(await aptEnvironment()), TMPDIR: temporary };
			await execa("apt-get", [...options, "update"], { env });
		} catch (error) {
			throw new SetUpError(
				`the package lists of Debian ${suite} could not be downloaded: ${aptReason(error)}`,
				{ cause: error },
			);
		} finally {
			await rm(temporary, { recursive: true, force: true });
		}
		await writeFile(stamp, String(Date.now()));
	}
	return options;
}

/** What apt's processes get beside this one's environment: apt reads a proxy's variables in lower case only. */
export async function aptEnvironment(): Promise<Record<string, string>> {
	const { proxy } = await readWayOut();
	return { ...proxy, TMPDIR: tempDir() };
}

/**
 * The options with which apt trusts this person's certificate authorities. It takes one file of them, instead of the system's.
 *
 * @param dir where that file is written
 */
export async function trustAuthorities(dir: string): Promise<string[]> {
	const { authorities } = await readWayOut();
	if (!authorities) return [];
	const system = await readFile(systemAuthorities, "utf8").catch(() => "");
	const file = join(dir, "authorities.pem");
	await writeFile(file, `${system}\n${authorities}\n`);
	return [`--option=Acquire::https::CaInfo=${file}`];
}

/** The mirror in the system's apt sources. */
async function debianMirror(): Promise<string> {
	const { stdout } = await execa("apt-get", [
		"indextargets",
		// Works before the machine's first apt-get update, too.
		"--no-release-info",
		"--format",
		"$(REPO_URI) $(COMPONENT)",
		"Created-By: Packages",
	]);
	const uri = stdout
		.split("\n")
		.map((line) => line.split(" ")[0] ?? "")
		.find((repository) => /\/debian\/?$/.test(repository));
	if (!uri)
		throw new SetUpError(
			"this machine's apt sources name no Debian mirror: add one to /etc/apt/sources.list",
		);
	return uri;
}

/** The reason why an apt command failed: its first line that begins with "E:", or else the first line of the error. */
export function aptReason(error: unknown): string {
	if (error instanceof Error && "stderr" in error) {
		const line = String(error.stderr)
			.split("\n")
			.find((text) => text.startsWith("E:"));
		if (line) return line;
	}
	return error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
}
