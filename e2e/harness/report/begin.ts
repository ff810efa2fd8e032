import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, messageOf } from "../../common/errors.ts";

/**
 * Makes a report's folder and removes what an earlier report left in it. Other files in it stay: the folder is the
 * person's.
 *
 * @param names of the report's own files and folders
 * @throws BadInputError
 */
export async function emptyReportFolder(
	dir: string,
	names: readonly string[],
): Promise<void> {
	await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
		const message = `--report ${dir}: the folder cannot be created: ${messageOf(cause).split(",")[0]}`;
		throw new BadInputError(message, { cause });
	});
	for (const name of names)
		await rm(join(dir, name), { recursive: true, force: true });
}
