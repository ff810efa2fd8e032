import { readFile } from "node:fs/promises";
import { projectPath } from "../../common/paths.ts";
import type { ValuesFile } from "../chart/values-file.ts";

/** Reads the values that the homelab installs. */
export function homelabValues(): Promise<ValuesFile> {
	return readOwnValues("kube-prometheus-stack.yaml");
}

/** Reads the values without which a test cannot work. Helm layers them last. */
export async function testOverrides(): Promise<ValuesFile> {
	return {
		...(await readOwnValues("test-overrides.yaml")),
		forTest: "override",
	};
}

/** Reads the values that only save the test's time. A person's values may replace them. */
export async function testDefaults(): Promise<ValuesFile> {
	return { ...(await readOwnValues("test-defaults.yaml")), forTest: "default" };
}

async function readOwnValues(file: string): Promise<ValuesFile> {
	const name = `stack/values/${file}`;
	return { name, content: await readFile(projectPath(name), "utf8") };
}
