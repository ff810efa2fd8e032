import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { lstat, mkdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { difference } from "es-toolkit";
import { BadInputError, reasonOf } from "../../common/errors.ts";
import {
	beginManifest,
	hasManifest,
	readManifest,
	readWriter,
	removeReport,
} from "../../common/output/report-manifest.ts";
import { cacheRoot, projectPath } from "../../common/paths.ts";
import { showLife, showsLife } from "../run/sign-of-life.ts";

/** A report's folder, reserved for this process. */
export interface ReportFolder {
	/** Lets other runs write their reports there. The end of the process does so, too. */
	release(): void;
}

/** Folders that are only there for what this project writes. */
const ownFolders = [
	projectPath("e2e-report"),
	projectPath("upgrade-report"),
	cacheRoot(),
];

/**
 * Makes a report's folder, and removes what an earlier report wrote into it. All other files stay: the folder is the
 * person's.
 *
 * @param names of the report's own files and folders
 * @throws BadInputError if it cannot be written, another run is writing a report there, or other files have these names
 */
export async function emptyReportFolder(
	dir: string,
	names: readonly string[],
): Promise<ReportFolder> {
	const refuse = (reason: string, cause?: unknown) =>
		new BadInputError(`--report ${dir}: ${reason}`, { cause });
	await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
		throw refuse(`the folder cannot be created: ${reasonOf(cause)}`, cause);
	});
	const reserved = await reserve(dir);
	if (!reserved) {
		const writer = await readWriter(dir);
		throw refuse(
			`another run is writing its report there${writer ? ` (${writer})` : ""}: name another folder`,
		);
	}
	try {
		// Written before there was a list.
		if (isOwn(dir) && !hasManifest(dir))
			for (const name of names)
				await rm(join(dir, name), { recursive: true, force: true });
		const listed = await readManifest(dir);
		const foreign = await findFiles(dir, difference(names, listed));
		if (foreign.length > 0)
			throw refuse(
				`the folder has other files where the report's own go (${foreign.join(", ")}): name another folder, or move them`,
			);
		await removeReport(dir);
		await beginManifest(
			dir,
			`process ${process.pid}, since ${new Date().toISOString()}`,
		);
	} catch (cause) {
		reserved.release();
		throw cause instanceof BadInputError
			? cause
			: refuse(`the folder cannot be written: ${reasonOf(cause)}`, cause);
	}
	return reserved;
}

/** Shows other runs that the folder is in use. @returns undefined if one of them does so */
async function reserve(dir: string): Promise<ReportFolder | undefined> {
	const key = createHash("sha256")
		.update(await realpath(dir))
		.digest("hex")
		.slice(0, 12);
	const id = `report-${key}`;
	const socket = join(tmpdir(), `o11y-e2e-${id}.sock`);
	if (await showsLife(id, socket)) return undefined;
	// That of a process that was killed.
	await rm(socket, { force: true });
	// Another one may be quicker.
	const server = await showLife(id, socket).catch(() => undefined);
	if (!server) return undefined;
	const forget = () => rmSync(socket, { force: true });
	process.once("exit", forget);
	return {
		release: () => {
			process.off("exit", forget);
			server.close();
		},
	};
}

function isOwn(dir: string): boolean {
	return ownFolders.some((own) => dir === own || dir.startsWith(own + sep));
}

/** Those of some names that are not folders: into a folder, a report only adds. */
async function findFiles(
	dir: string,
	names: readonly string[],
): Promise<string[]> {
	const found = await Promise.all(
		names.map(async (name) => {
			const about = await lstat(join(dir, name)).catch(() => undefined);
			return about && !about.isDirectory() ? [name] : [];
		}),
	);
	return found.flat();
}
