import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { get, isEmpty, unset } from "es-toolkit/compat";
import { writeGoYaml } from "../../common/parsing/go-yaml.ts";
import { parseYaml } from "../../common/parsing/yaml-documents.ts";
import type { ValuesFile } from "./values-file.ts";

/** In the embedded chart's schema: what it does not have, and can do without. Any other wrong value ends the run. */
const mark = "Not tested.";

/** Values for the embedded chart, and a warning for each file of which something is left out. */
interface FollowedValues {
	readonly values: readonly ValuesFile[];
	readonly warnings: readonly string[];
}

/**
 * Leaves out what the embedded chart does not have of a person's values: keys that it does not know, and what its schema
 * marks. The public chart has them or ignores them, so a warning is enough.
 *
 * @param chart the folder of the embedded chart
 */
export async function leaveOutNotEmbedded(
	chart: string,
	values: readonly ValuesFile[],
): Promise<FollowedValues> {
	const schema = await readFile(join(chart, "values.schema.json"), "utf8");
	const validate = compile(JSON.parse(schema));
	const warnings: string[] = [];
	const followed = values.map((file) => {
		if (file.forTest) return file;
		const { content, leftOut } = leaveOut(file.content, validate);
		if (leftOut.length > 0)
			warnings.push(
				`${file.name}: the embedded chart has no ${leftOut.join(", ")}: what the values say of it is not tested, unless the public chart is installed (--chart upstream)`,
			);
		return { ...file, content };
	});
	return { values: followed, warnings };
}

/** Reads a schema, so that values can be held against it. */
export function compile(schema: object): ValidateFunction {
	return new Ajv({
		strict: false,
		allErrors: true,
		verbose: true,
		// Looking for simpler code would take longer than it saves.
		code: { optimize: false },
	}).compile(schema);
}

/**
 * Leaves out of values what a schema does not know.
 *
 * @param content YAML
 * @returns the keys that were left out as dotted paths; those that ask for nothing are not named
 */
export function leaveOut(
	content: string,
	validate: ValidateFunction,
): { readonly content: string; readonly leftOut: readonly string[] } {
	const values: unknown = parseYaml(content, { merge: true, asGo: true });
	if (typeof values !== "object" || values === null || validate(values))
		return { content, leftOut: [] };
	const found = (validate.errors ?? []).flatMap(
		({ instancePath, keyword, params, parentSchema }) => {
			const path = instancePath.split("/").slice(1).map(keyOf);
			if (String(parentSchema?.$comment ?? "").startsWith(mark))
				return [{ path, isSwitchedOff: parentSchema?.const === true }];
			return keyword === "additionalProperties"
				? [
						{
							path: [...path, String(params.additionalProperty)],
							isSwitchedOff: false,
						},
					]
				: [];
		},
	);
	const leftOut = new Set<string>();
	for (const { path, isSwitchedOff } of found) {
		if (isSwitchedOff || !asksForNothing(get(values, path)))
			leftOut.add(path.join("."));
		unset(values, path);
	}
	return {
		content: found.length > 0 ? writeGoYaml(values) : content,
		leftOut: [...leftOut].sort(),
	};
}

/** As a JSON pointer has a key. */
function keyOf(key: string): string {
	return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Undefined if it is left out already, together with what it is a part of. */
function asksForNothing(value: unknown): boolean {
	return (
		value === undefined ||
		value === false ||
		value === null ||
		value === "" ||
		(typeof value === "object" && isEmpty(value))
	);
}
