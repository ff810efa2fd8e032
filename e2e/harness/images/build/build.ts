import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import {
	chmod,
	copyFile,
	mkdir,
	mkdtemp,
	readFile,
	rm,
	symlink,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { messageOf, SetUpError } from "../../../common/errors.ts";
import { cacheDir, projectPath } from "../../../common/paths.ts";
import { packTar } from "../../../common/tar.ts";
import {
	type DebianPackage,
	downloadDebianPackages,
	makeMergedUsr,
	unpackDebianPackages,
} from "../../docker/debian-packages.ts";
import { fetchGoModule } from "../go-module.ts";
import { type ImageParts, importImage, importRoot } from "../import-image.ts";
import { type Component, type GoFiles, readGoVersions } from "../spec.ts";
import { buildGoBinary } from "./go-build.ts";

/** Raised when the way images are put together changes, so that no older image is used. */
const format = 4;

/**
 * The name of the image that this machine builds for a component. Its registry host cannot exist; its tag is a hash of
 * what it is built from.
 */
export async function builtImageName(component: Component): Promise<string> {
	// How long it takes makes no other image.
	const { minutes: _, ...build } = component.build;
	const hash = createHash("sha256").update(
		JSON.stringify([format, process.arch, build]),
	);
	const { files, go, npm } = build;
	for (const { versions } of go)
		if (versions) hash.update(JSON.stringify(await readGoVersions(versions)));
	for (const file of [
		...Object.values(files),
		...go.flatMap(({ main, instead = {} }) => [
			...(main ? [main] : []),
			...Object.values(instead),
		]),
	])
		hash.update(await readFile(projectPath("stack", "images", file)));
	if (npm) hash.update(await readFile(npmManifest(npm.file)));
	const key = hash.digest("hex").slice(0, 12);
	return `built-here.o11y-e2e.invalid/${component.name}:${key}`;
}

/** The path of a component's build log. */
export function buildLog(component: string): string {
	return join(cacheDir("logs"), `build-${component}.log`);
}

/** What builds share. */
export interface BuildContext {
	/** The PATH with the compilers. */
	readonly path: string;
	readonly say: (line: string) => void;
}

/** Builds the image of a component into the engine. Errors name the log file. */
export async function buildImage(
	docker: Dockerode,
	component: Component,
	name: string,
	{ path, say }: BuildContext,
): Promise<void> {
	const logFile = buildLog(component.name);
	const log = createWriteStream(logFile);
	// If the log cannot be written, the build goes on.
	log.on("error", () => undefined);
	const root = await mkdtemp(join(cacheDir("roots"), `${component.name}-`));
	const { goFiles } = component.build;
	try {
		if (goFiles) {
			const archive = Readable.from([await packModule(goFiles, say)]);
			await importImage(docker, component, name, { archive });
		} else {
			const parts = await fillRoot(component, root, path, (text) =>
				log.write(text),
			);
			await importRoot(docker, component, name, root, parts);
		}
	} catch (error) {
		log.write(`\n${messageOf(error)}\n`);
		throw new SetUpError(
			`building ${component.name} failed: ${lastLine(error)} (log: ${logFile})`,
			{ cause: error },
		);
	} finally {
		log.end();
		await rm(root, { recursive: true, force: true });
	}
}

/** Packs folders of a module for an image, by their paths in it. */
async function packModule(
	{ folders, ...module }: GoFiles,
	say: (line: string) => void,
): Promise<Buffer> {
	const files = await fetchGoModule(module, say);
	const packed = Object.entries(folders).flatMap(([from, to]) => [
		[`${to.slice(1)}/`, ""] as const,
		...[...files]
			.filter(([path]) => path.startsWith(`${from}/`))
			.map(
				([path, content]) =>
					[`${to.slice(1)}${path.slice(from.length)}`, content] as const,
			),
	]);
	return packTar(Object.fromEntries(packed));
}

async function fillRoot(
	{ build }: Component,
	root: string,
	path: string,
	log: (text: string) => void,
): Promise<ImageParts> {
	const otherVersions: string[] = [];
	let packages: DebianPackage[] = [];
	await chmod(root, 0o755);
	await makeMergedUsr(root);
	if (build.debian) {
		const { suite, closure } = build.debian;
		packages = await downloadDebianPackages(suite, build.debian.packages, {
			closure,
		});
		await unpackDebianPackages(packages, root);
	}
	for (const dir of ["tmp", "etc", "var", "root"])
		await mkdir(join(root, dir), { recursive: true });
	await chmod(join(root, "tmp"), 0o1777);
	const put = async (from: string, to: string, mode?: number) => {
		await mkdir(dirname(join(root, to)), { recursive: true });
		await copyFile(from, join(root, to));
		if (mode) await chmod(join(root, to), mode);
	};
	const putFolders = async (
		moduleDir: string,
		folders: Readonly<Record<string, string>>,
	) => {
		for (const [from, to] of Object.entries(folders))
			await copyFolder(join(moduleDir, from), join(root, to));
	};
	for (const source of build.go) {
		const { binary, moduleDir, others } = await buildGoBinary(
			source,
			path,
			log,
		);
		otherVersions.push(...others);
		await put(binary, source.to, 0o755);
		await putFolders(moduleDir, source.also);
	}
	if (build.npm) {
		const file = projectPath("node_modules", ofThisProcessor(build.npm.file));
		await put(file, build.npm.to, 0o755);
	}
	for (const [to, from] of Object.entries(build.files))
		await put(projectPath("stack", "images", from), to);
	for (const [path, target] of Object.entries(build.links)) {
		await rm(join(root, path), { force: true });
		await mkdir(dirname(join(root, path)), { recursive: true });
		await symlink(target, join(root, path));
	}
	return { packages, otherVersions };
}

/** Copies a folder of the module cache, which is read-only: only root could write into a copy that is so, too. */
async function copyFolder(from: string, to: string): Promise<void> {
	await mkdir(dirname(to), { recursive: true });
	await execa("cp", ["-r", "--no-preserve=mode", "-T", from, to]);
}

function npmManifest(file: string): string {
	const name = ofThisProcessor(file).split("/")[0] ?? file;
	return projectPath("node_modules", name, "package.json");
}

/** npm has a package for each processor. */
function ofThisProcessor(file: string): string {
	return file.replace("{arch}", process.arch);
}

/** The last line of a failed command's standard error, which usually says why it failed. */
function lastLine(error: unknown): string {
	const stderr =
		error instanceof Error && "stderr" in error ? String(error.stderr) : "";
	const lines = (stderr || messageOf(error)).trim().split("\n");
	return lines.at(-1) ?? "";
}
