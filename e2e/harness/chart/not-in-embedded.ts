import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { get, isEmpty, unset } from "es-toolkit/compat";
import { parse, stringify } from "yaml";
import { projectPath } from "../../common/paths.ts";
import type { ValuesFile } from "./values-file.ts";

/** In the embedded chart's schema: what it has not, and does without. Of everything else, a wrong value ends the run. */
const mark = "Not tested.";

/** Values for the embedded chart, and a warning for each file of which something is left out. */
export interface FollowedValues {
	readonly values: readonly ValuesFile[];
	readonly warnings: readonly string[];
}

/**
 * Leaves out what the embedded chart does not have of a person's values: keys that it does not know, and what its schema
 * marks. The public chart has it, or ignores it, so it is told and no reason to end.
 */
export async function leaveOutNotEmbedded(
	values: readonly ValuesFile[],
): Promise<FollowedValues> {
	const schema: object = JSON.parse(
		await readFile(
			projectPath("stack/charts/kube-prometheus-stack", "values.schema.json"),
			"utf8",
		),
	);
	const warnings: string[] = [];
	const followed = values.map((file) => {
		if (file.forTest) return file;
		const { content, leftOut } = leaveOut(file.content, schema);
		if (leftOut.length > 0)
			warnings.push(
				`${file.name}: the embedded chart has no ${leftOut.join(", ")}: what the values say of it is not tested, unless the public chart is installed (--chart upstream)`,
			);
		return { ...file, content };
	});
	return { values: followed, warnings };
}

/**
 * Leaves out of values what a schema does not know.
 *
 * @param content YAML
 * @returns the keys that were left out as dotted paths; those that ask for nothing are not named
 */
export function leaveOut(
	content: string,
	schema: object,
): { readonly content: string; readonly leftOut: readonly string[] } {
	const ajv = new Ajv({
		strict: false,
		allErrors: true,
		verbose: true,
		// What is compiled is used once.
		code: { optimize: false },
	});
	const validate = ajv.compile<unknown>(schema);
	const values: unknown = parse(content, { merge: true });
	const leftOut = new Set<string>();
	let isChanged = false;
	const remove = (path: readonly string[]) => {
		const value: unknown = get(values, path);
		if (value !== undefined && !asksForNothing(value))
			leftOut.add(path.join("."));
		isChanged = unset(values, path) || isChanged;
	};
	if (typeof values !== "object" || values === null || validate(values))
		return { content, leftOut: [] };
	for (const {
		instancePath,
		keyword,
		params,
		parentSchema,
	} of validate.errors ?? []) {
		const path = instancePath.split("/").slice(1).map(keyOf);
		const isMarked = String(parentSchema?.$comment ?? "").startsWith(mark);
		if (isMarked) remove(path);
		else if (keyword === "additionalProperties")
			remove([...path, String(params.additionalProperty)]);
	}
	return {
		content: isChanged ? stringify(values) : content,
		leftOut: [...leftOut].sort(),
	};
}

/** As a JSON pointer has a key. */
function keyOf(key: string): string {
	return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function asksForNothing(value: unknown): boolean {
	return (
		value === false ||
		value === null ||
		value === "" ||
		(typeof value === "object" && isEmpty(value))
	);
}
