import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Schema } from "../charts/crd-schema.ts";
import { describedDefault } from "./described-defaults.ts";

/** The declarations that client-node generates from Kubernetes' OpenAPI, with its descriptions. */
const models = join(
	dirname(fileURLToPath(import.meta.resolve("@kubernetes/client-node"))),
	"gen",
	"models",
);

const known = new Map<string, Schema | undefined>();

/** The schema of a built-in kind, such as apps/v1 Deployment; undefined if Kubernetes has no such kind. */
export function builtInSchema(
	apiVersion: string,
	kind: string,
): Schema | undefined {
	const [group = "", version = group] = apiVersion.split("/");
	const isBuiltIn = group === version || /^[a-z]+$|\.k8s\.io$/.test(group);
	return isBuiltIn ? modelSchema(version.replace(/^v/, "V") + kind) : undefined;
}

function modelSchema(model: string): Schema | undefined {
	if (known.has(model)) return known.get(model);
	// Some models refer to themselves.
	const schema: Schema = { type: "object", properties: {} };
	const file = join(models, `${model}.d.ts`);
	const isKnown = existsSync(file);
	known.set(model, isKnown ? schema : undefined);
	if (!isKnown) return undefined;
	const text = readFileSync(file, "utf8");
	const required: string[] = [];
	for (const [, comment, name = "", optional, type = ""] of text.matchAll(
		/(?:\/\*\*\n([^/]*(?:\/(?!\*\*)[^/]*)*?)\*\/\n\s*)?'([^']+)'(\?)?: ((?:\{[^}]*\}|[^;{])+);/g,
	)) {
		const description = (comment ?? "").replaceAll(/\s*\n\s*\* ?/g, " ");
		schema.properties = {
			...schema.properties,
			[name]: describe(schemaOfType(type, name), description),
		};
		if (!optional) required.push(name);
	}
	if (required.length > 0) schema.required = required;
	return schema;
}

/** Quantities are strings in the OpenAPI, but the API server reads numbers, too. */
const quantities =
	/^(requests|limits|capacity|allocatable|hard|sizeLimit|divisor|storage)$/;

function schemaOfType(type: string, name: string): Schema {
	const list = /^Array<(.*)>$/.exec(type)?.[1];
	if (list) return { type: "array", items: schemaOfType(list, "") };
	const map = /^\{\s*\[key: string\]: (.*);\s*\}$/s.exec(type)?.[1];
	if (map)
		return { type: "object", additionalProperties: schemaOfType(map, name) };
	if (type === "number" || type === "boolean") return { type };
	if (type === "string" && !quantities.test(name)) return { type };
	if (/^V\d|^[A-Z]\w+V\d/.test(type)) return modelSchema(type) ?? {};
	// IntOrString, any, dates and quantities.
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
