import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { projectPath } from "../../common/paths.ts";

const versions = z.object({
	chart: z.object({
		name: z.string(),
		repository: z.string(),
		version: z.string(),
		versionToBuild: z.string(),
	}),
	release: z.object({ name: z.string(), namespace: z.string() }),
});

/** Reads stack/versions.yaml: the pinned charts, and the name and namespace of its release. */
export async function readVersions(): Promise<z.infer<typeof versions>> {
	const text = await readFile(projectPath("stack", "versions.yaml"), "utf8");
	return versions.parse(parse(text));
}
