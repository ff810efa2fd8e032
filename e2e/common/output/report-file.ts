import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reasonOf, SetUpError } from "../errors.ts";
import { clean, rememberedSecrets } from "../secrecy/redact.ts";
import { containsSecret } from "../secrecy/search.ts";
import { noteReportFile, readManifestBelow } from "./report-manifest.ts";

/**
 * Writes a file of a report, and makes its folder. Every text of a report goes through here, and none reaches the disk
 * before its secrets are blanked.
 *
 * @throws SetUpError if it cannot be written
 */
export async function writeReportFile(
	path: string,
	text: string,
): Promise<void> {
	try {
		await mkdir(dirname(path), { recursive: true });
		await noteReportFile(path);
		await writeFile(path, clean(text));
	} catch (cause) {
		throw new SetUpError(
			`the report's file ${path} cannot be written: ${reasonOf(cause)}`,
			{ cause },
		);
	}
}

/**
 * Checks that no file of a report, or of a folder of one, shows a secret, which would be a mistake of ours. One that does is removed.
 *
 * @throws SetUpError if there is one
 */
export async function refuseExposed(dir: string): Promise<void> {
	const secrets = rememberedSecrets();
	const exposed: string[] = [];
	for (const path of await readManifestBelow(dir)) {
		const content = await readFile(join(dir, path)).catch(() => undefined);
		if (!content || !containsSecret(content, secrets)) continue;
		await rm(join(dir, path));
		exposed.push(path);
	}
	if (exposed.length > 0)
		throw new SetUpError(
			`the report of this run showed a secret and was removed: ${exposed.join(", ")}`,
		);
}
