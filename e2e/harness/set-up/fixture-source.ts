import { readFile } from "node:fs/promises";
import type { Manifest } from "../../clients/kube-objects.ts";
import { projectPath } from "../../common/paths.ts";

/** Makes the ConfigMap with the source of a fixture, which its pod runs. */
export async function makeFixtureSource(
	namespace: string,
	fixture: string,
): Promise<Manifest> {
	const path = projectPath("fixtures", fixture, "server.ts");
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name: `${fixture}-source`, namespace },
		data: { "server.ts": await readFile(path, "utf8") },
	};
}
