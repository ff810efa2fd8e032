import { lstat, mkdir, rm } from "node:fs/promises";
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
import { type ReportFolder, reserveFolder } from "../run/reservation.ts";

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
	const reserved = await reserveFolder(dir).catch((cause: unknown) => {
		throw refuse(`the folder cannot be written: ${reasonOf(cause)}`, cause);
	});
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
