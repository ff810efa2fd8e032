import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtInKinds } from "../../../clients/api-server/built-in-kinds.ts";
import { quantityPattern } from "../../../common/sizes.ts";
import type { Schema } from "../charts/crd-schema.ts";
import { allowedIn } from "./built-in-enums.ts";
import { describedDefault } from "./described-defaults.ts";
import { noFields } from "./newer-fields.ts";

/** The declarations that client-node generates from Kubernetes' OpenAPI, with its descriptions. */
const models = join(
	dirname(fileURLToPath(import.meta.resolve("@kubernetes/client-node"))),
	"gen",
	"models",
);

/** Schemas by the fields that are left out of them, and by model. */
const known = new Map<ReadonlySet<string>, Map<string, Schema | undefined>>();

/**
 * The schema of a built-in kind, such as apps/v1 Deployment; undefined if Kubernetes has no such kind.
 *
 * @param lacking fields that an older Kubernetes does not have, such as `V1PodSpec.os`
 */
export function builtInSchema(
	apiVersion: string,
	kind: string,
	lacking = noFields,
): Schema | undefined {
	const version = apiVersion.split("/").at(-1) ?? "";
	return builtInKinds(apiVersion)
		? modelSchema(version.replace(/^v/, "V") + kind, lacking)
		: undefined;
}

function modelSchema(
	model: string,
	lacking: ReadonlySet<string>,
): Schema | undefined {
	const own = known.get(lacking) ?? new Map<string, Schema | undefined>();
	known.set(lacking, own);
	if (own.has(model)) return own.get(model);
	// Some models refer to themselves.
	const schema: Schema = { type: "object", properties: {} };
	const file = join(models, `${model}.d.ts`);
	const isKnown = existsSync(file);
	own.set(model, isKnown ? schema : undefined);
	if (!isKnown) return undefined;
	const text = readFileSync(file, "utf8");
	const required: string[] = [];
	// A field whose name is a word of TypeScript, such as `from`, is written `_from` there.
	for (const [, comment, name = "", optional, type = ""] of text.matchAll(
		/(?:\/\*\*\n([^/]*(?:\/(?!\*\*)[^/]*)*?)\*\/\n\s*)?'_?([^']+)'(\?)?: ((?:\{[^}]*\}|[^;{])+);/g,
	)) {
		const field = `${model}.${name}`;
		if (lacking.has(field)) continue;
		const description = (comment ?? "").replaceAll(/\s*\n\s*\* ?/g, " ");
		schema.properties = {
			...schema.properties,
			[name]: describe(schemaOfType(type, field, lacking), description),
		};
		if (!optional) required.push(name);
	}
	if (required.length > 0) schema.required = required;
	return schema;
}

/** Quantities are strings in the OpenAPI, but the API server reads numbers, too. */
const quantities =
	/\.(requests|limits|capacity|allocatable|hard|sizeLimit|divisor|averageValue|maximumVolumeSize|podFixed|tolerance)$|^V2Metric\w+\.value$|^V1LimitRangeItem\.(default|defaultRequest|min|max|maxLimitRequestRatio)$/;

function schemaOfType(
	type: string,
	field: string,
	lacking: ReadonlySet<string>,
): Schema {
	const list = /^Array<(.*)>$/.exec(type)?.[1];
	if (list) return { type: "array", items: schemaOfType(list, field, lacking) };
	const map = /^\{\s*\[key: string\]: (.*);\s*\}$/s.exec(type)?.[1];
	if (map)
		return {
			type: "object",
			additionalProperties: schemaOfType(map, field, lacking),
		};
	if (type === "number" || type === "boolean") return { type };
	if (type === "string" && quantities.test(field))
		return { pattern: quantityPattern.source };
	const allowed = allowedIn(field);
	if (type === "string") return { type, ...(allowed && { enum: allowed }) };
	if (/^V\d|^[A-Z]\w+V\d/.test(type)) return modelSchema(type, lacking) ?? {};
	// IntOrString, any and dates.
	return {};
}

/** What the API's description says about a field in its usual words. */
function describe(schema: Schema, description: string): Schema {
	const minimum = /Minimum value is (\d+)/.exec(description)?.[1];
	const found = describedDefault(description, schema.type);
	if (minimum === undefined && found === undefined) return schema;
	return {
		...schema,
		...(minimum !== undefined && { minimum: Number(minimum) }),
		...(found !== undefined && { default: found }),
	};
}
