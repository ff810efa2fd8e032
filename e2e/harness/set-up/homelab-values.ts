import { readFile } from "node:fs/promises";
import { projectPath } from "../../common/paths.ts";
import type { ValuesFile } from "../chart/values-file.ts";

/** Reads the values that the homelab installs. */
export function homelabValues(): Promise<ValuesFile> {
	return readOwnValues("kube-prometheus-stack.yaml");
}

/** Reads the values that a test must change. */
export function testOverrides(): Promise<ValuesFile> {
	return readOwnValues("test-overrides.yaml");
}

async function readOwnValues(file: string): Promise<ValuesFile> {
	const name = `stack/values/${file}`;
	return { name, content: await readFile(projectPath(name), "utf8") };
}
