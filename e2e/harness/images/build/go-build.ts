import { createHash } from "node:crypto";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { SetUpError } from "../../../common/errors.ts";
import { cacheDir, projectPath, tempDir } from "../../../common/paths.ts";
import {
	downloadDebianPackages,
	makeMergedUsr,
	unpackDebianPackages,
} from "../../docker/debian-packages.ts";
import { readWayOut } from "../../docker/way-out.ts";
import {
	type DebianSource,
	type GoModule,
	type GoProgram,
	type GoVersions,
	readGoVersions,
} from "../spec.ts";
import { findOtherVersions } from "./other-versions.ts";

const goMod = z.object({
	Go: z.string(),
	Require: z.array(z.object({ Path: z.string(), Version: z.string() })),
	Replace: z
		.array(
			z.object({
				Old: z.object({ Path: z.string(), Version: z.string().optional() }),
				New: z.object({ Path: z.string(), Version: z.string().optional() }),
			}),
		)
		.nullish(),
});

/**
 * Builds a static binary from a published Go module.
 *
 * A module with `replace` lines cannot be installed by its version. So it is built from a wrapper module with the same
 * requirements and replacements, except those that the source replaces, and with the versions that components have in
 * common: modules that several of them contain are then compiled once. A relative replacement is dropped: the required
 * version of the nested module is used. If a part of the source is generated, a copy of the module is built instead.
 *
 * @param path the PATH with the compilers
 * @param log writes the output of the commands
 * @returns the path of the binary, the folder of the module, and the dependencies that have other versions than the
 *   module names
 */
export async function buildGoBinary(
	source: GoProgram,
	path: string,
	log: (text: string) => void,
): Promise<{ binary: string; moduleDir: string; others: string[] }> {
	const key = createHash("sha256")
		.update(JSON.stringify(source))
		.digest("hex")
		.slice(0, 16);
	const dir = cacheDir("go", key);
	const env = { ...(await buildEnvironment(source)), PATH: path };
	const call = async (cwd: string, command: string, ...args: string[]) => {
		log(`$ ${command} ${args.join(" ")}\n`);
		const run = execa(command, args, { cwd, env, maxBuffer: 50e6 });
		run.stderr.on("data", (chunk: Buffer) => log(chunk.toString()));
		return (await run).stdout;
	};
	const go = (...args: string[]) => call(dir, "go", ...args);
	const binary = join(dir, "binary");
	const build = (cwd: string) =>
		call(
			cwd,
			"go",
			"build",
			"-trimpath",
			"-mod=mod",
			// The linker drops it anyway.
			"-gcflags=all=-dwarf=false",
			`-tags=${source.tags.join(",")}`,
			`-ldflags=-s -w ${source.ldflags.join(" ")}`,
			`-o=${binary}`,
			source.package ?? ".",
		);

	const moduleDir = await downloadGoModule(source, go);
	if (source.generate) {
		const { with: generator, args } = source.generate;
		const { binary: command } = await buildGoBinary(generator, path, log);
		const copy = await copyModule(moduleDir, join(dir, "source"));
		await call(copy, command, ...args);
		await build(copy);
		await rm(copy, { recursive: true });
		return { binary, moduleDir, others: [] };
	}
	const theirs = goMod.parse(
		JSON.parse(await go("mod", "edit", "-json", join(moduleDir, "go.mod"))),
	);
	const changed = await changeModule(source, moduleDir, dir);
	const { versions, sums } = source.versions
		? await readGoVersions(source.versions)
		: { versions: {}, sums: "" };
	await writeFile(
		join(dir, "go.mod"),
		makeWrapper(source, { theirs, versions, changed }),
	);
	await rm(join(dir, "go.sum"), { force: true });
	const theirSums = await readFile(join(moduleDir, "go.sum"), "utf8");
	await writeFile(join(dir, "go.sum"), `${theirSums.trimEnd()}\n${sums}`);
	if (source.main) {
		await copyFile(
			projectPath("stack", "images", source.main),
			join(dir, "main.go"),
		);
	}
	await build(dir);
	const buildInfo = await go("version", "-m", binary);
	return { binary, moduleDir, others: findOtherVersions(buildInfo, theirs) };
}

/** @param go runs Go and returns what it printed @returns the folder of the module, in Go's cache */
async function downloadGoModule(
	{ module, version, sum }: GoModule,
	go: (...args: string[]) => Promise<string>,
): Promise<string> {
	const name = `${module}@${version}`;
	const download = z
		.object({ Dir: z.string(), Sum: z.string() })
		.parse(JSON.parse(await go("mod", "download", "-json", name)));
	if (download.Sum !== sum)
		throw new SetUpError(
			`${name} has the sum ${download.Sum}, but stack/images.yaml pins ${sum}`,
		);
	return download.Dir;
}

/** Makes a writable copy of a module: the module cache is read-only. @returns its path */
async function copyModule(published: string, copy: string): Promise<string> {
	await rm(copy, { recursive: true, force: true });
	await execa("cp", ["-r", "--no-preserve=mode", published, copy]);
	return copy;
}

/** Replaces files of the module by ours, in a copy. @returns its path in `dir`; undefined if nothing is replaced */
async function changeModule(
	{ instead = {} }: GoProgram,
	published: string,
	dir: string,
): Promise<string | undefined> {
	const files = Object.entries(instead);
	if (files.length === 0) return undefined;
	const copy = await copyModule(published, join(dir, "module"));
	for (const [theirs, ours] of files)
		await copyFile(projectPath("stack", "images", ours), join(copy, theirs));
	return "./module";
}

function makeWrapper(
	source: GoProgram,
	{
		theirs,
		versions,
		changed,
	}: {
		theirs: z.infer<typeof goMod>;
		versions: GoVersions;
		changed: string | undefined;
	},
): string {
	const isOurs = (path: string) =>
		Object.hasOwn(source.replace, path) || Object.hasOwn(versions, path);
	const replaced = (theirs.Replace ?? []).flatMap(({ Old, New }) =>
		New.Version && !isOurs(Old.Path)
			? [`${Old.Path} ${Old.Version ?? ""} => ${New.Path} ${New.Version}`]
			: [],
	);
	const ours = Object.entries(source.replace).map(
		([path, target]) => `${path} => ${target}`,
	);
	return [
		"module o11y-e2e.local/build",
		`go ${theirs.Go}`,
		`require ${source.module} ${source.version}`,
		...theirs.Require.map(({ Path, Version }) => `require ${Path} ${Version}`),
		// Of two versions, Go takes the newer one.
		...Object.entries(versions).map(
			([path, version]) => `require ${path} ${version}`,
		),
		...[
			...replaced,
			...ours,
			...(changed ? [`${source.module} => ${changed}`] : []),
		].map((line) => `replace ${line}`),
		"",
	].join("\n");
}

async function buildEnvironment(source: GoProgram) {
	const env = await goEnvironment();
	env.CGO_ENABLED = source.cgo ? "1" : "0";
	if (source.noSumDb) env.GONOSUMDB = source.noSumDb;
	if (source.cgo?.packages.length) {
		const root = await sysroot(source.cgo);
		const { stdout: triplet } = await execa("gcc", ["-dumpmachine"]);
		env.PKG_CONFIG_SYSROOT_DIR = root;
		env.PKG_CONFIG_LIBDIR = join(root, "usr/lib", triplet, "pkgconfig");
	}
	return env;
}

async function goEnvironment() {
	const env: Record<string, string> = {
		TMPDIR: tempDir(),
		GOFLAGS: "",
		GOWORK: "off",
		// By default, Debian's Go does not download the toolchain that a module asks for.
		GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? "auto",
		// Takes more memory, and a sixth less time for the larger builds.
		GOGC: "400",
	};
	const { authorities } = await readWayOut();
	if (authorities) {
		env.SSL_CERT_FILE = join(cacheDir("go"), "authorities.pem");
		await writeFile(env.SSL_CERT_FILE, authorities);
	}
	return env;
}

/** Unpacks headers and libraries for C code into a folder, apart from the system's. */
async function sysroot(source: Omit<DebianSource, "closure">) {
	const root = cacheDir("sysroot", source.suite);
	await makeMergedUsr(root);
	await unpackDebianPackages(
		await downloadDebianPackages(source.suite, source.packages, {
			closure: false,
		}),
		root,
	);
	return root;
}
