import { readdir, readFile } from "node:fs/promises";
import { parse } from "yaml";
import { writeGoYaml } from "../common/parsing/go-yaml.ts";
import {
	type ValuesFile,
	valuesProblem,
} from "../harness/chart/values-file.ts";
import type { Values } from "./merge-values.ts";

/** Values that a homelab may well have, and that every claim must prove. */
export interface Healthy {
	/** The file's name without its ending. */
	readonly id: string;
	/** The comment that the file begins with: why a homelab has these values. */
	readonly why: string;
	readonly values: Values;
}

/** Reads every healthy variation, by name. @throws Error naming the invalid file */
export async function readHealthy(
	folder = new URL("./healthy/", import.meta.url),
): Promise<Healthy[]> {
	const files = (await readdir(folder)).filter((file) =>
		file.endsWith(".yaml"),
	);
	return Promise.all(
		files.sort().map(async (file) => {
			const text = await readFile(new URL(file, folder), "utf8");
			return parseHealthy(file, text);
		}),
	);
}

export function parseHealthy(file: string, text: string): Healthy {
	const problem = valuesProblem(text);
	if (problem) throw new Error(`${file} ${problem}`);
	const values: Values = parse(text) ?? {};
	if (Object.keys(values).length === 0)
		throw new Error(`${file} changes nothing`);
	const comment = /^(?:#.*\n)+/.exec(text)?.[0] ?? "";
	const why = comment.replaceAll(/^# ?/gm, "").replaceAll("\n", " ").trim();
	if (why.length < 20)
		throw new Error(
			`${file} must begin with a comment that says why a homelab has these values`,
		);
	return { id: file.replace(/\.yaml$/, ""), why, values };
}

/** Variations as values files, in their order. */
export function healthyValuesFiles(
	variations: readonly Healthy[],
): ValuesFile[] {
	return variations.map(({ id, values }) => ({
		name: `healthy/${id}.yaml`,
		content: writeGoYaml(values),
	}));
}
