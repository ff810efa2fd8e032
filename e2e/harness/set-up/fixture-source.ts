import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "../../clients/kube-objects.ts";
import { projectPath } from "../../common/paths.ts";

/** Makes the ConfigMap with the source of a fixture, all files except its tests, which its pod runs. */
export async function makeFixtureSource(
	namespace: string,
	fixture: string,
): Promise<Manifest> {
	const folder = projectPath("fixtures", fixture);
	const names = (await readdir(folder)).filter(
		(name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
	);
	const files = await Promise.all(
		names
			.sort()
			.map(async (name) => [name, await readFile(join(folder, name), "utf8")]),
	);
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name: `${fixture}-source`, namespace },
		data: Object.fromEntries(files),
	};
}
