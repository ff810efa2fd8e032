import { z } from "zod";

export interface Schema {
	description?: string | undefined;
	type?: string | undefined;
	default?: unknown;
	pattern?: string | undefined;
	enum?: unknown[] | undefined;
	"x-kubernetes-validations"?:
		| { rule: string; message?: string | undefined }[]
		| undefined;
	minimum?: number | undefined;
	required?: string[] | undefined;
	properties?: Record<string, Schema> | undefined;
	additionalProperties?: Schema | boolean | undefined;
	items?: Schema | undefined;
	"x-kubernetes-list-type"?: string | undefined;
	"x-kubernetes-list-map-keys"?: string[] | undefined;
	"x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
}
const schema: z.ZodType<Schema> = z.looseObject({
	description: z.string().optional(),
	type: z.string().optional(),
	default: z.unknown().optional(),
	pattern: z.string().optional(),
	enum: z.array(z.unknown()).optional(),
	"x-kubernetes-validations": z
		.array(z.looseObject({ rule: z.string(), message: z.string().optional() }))
		.optional(),
	minimum: z.number().optional(),
	required: z.array(z.string()).optional(),
	get properties() {
		return z.record(z.string(), schema).optional();
	},
	get additionalProperties() {
		return z.union([z.boolean(), schema]).optional();
	},
	get items() {
		return schema.optional();
	},
	"x-kubernetes-list-type": z.string().optional(),
	"x-kubernetes-list-map-keys": z.array(z.string()).optional(),
	"x-kubernetes-preserve-unknown-fields": z.boolean().optional(),
});

export const crd = z.looseObject({
	apiVersion: z.string(),
	kind: z.literal("CustomResourceDefinition"),
	metadata: z.looseObject({
		name: z.string(),
		annotations: z.record(z.string(), z.string()).default({}),
	}),
	spec: z.looseObject({
		group: z.string(),
		names: z.looseObject({ kind: z.string() }),
		versions: z.array(
			z.looseObject({
				name: z.string(),
				served: z.boolean(),
				schema: z
					.looseObject({ openAPIV3Schema: schema.optional() })
					.prefault({}),
			}),
		),
	}),
});
export type Crd = z.infer<typeof crd>;

/** Paths of every field that a schema declares, such as `spec.thanos.image`; list items are `[]`. */
export function fieldsOf(schema: Schema, path = ""): string[] {
	return [
		...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
			const own = path ? `${path}.${name}` : name;
			return [own, ...fieldsOf(each, own)];
		}),
		...(schema.items ? fieldsOf(schema.items, `${path}[]`) : []),
		...(typeof schema.additionalProperties === "object"
			? fieldsOf(schema.additionalProperties, `${path}{}`)
			: []),
	];
}

/** Paths of an object's fields that its schema does not declare; the API server drops them. */
export function undeclaredFields(
	value: unknown,
	schema: Schema,
	path = "",
): string[] {
	if (schema["x-kubernetes-preserve-unknown-fields"]) return [];
	if (Array.isArray(value)) {
		const { items } = schema;
		return items
			? value.flatMap((each) => undeclaredFields(each, items, `${path}[]`))
			: [];
	}
	if (typeof value !== "object" || value === null) return [];
	const { properties, additionalProperties } = schema;
	if (!properties && !additionalProperties && !schema.type) return [];
	return Object.entries(value).flatMap(([name, each]) => {
		const own = path ? `${path}.${name}` : name;
		const declared =
			properties?.[name] ??
			(typeof additionalProperties === "object"
				? additionalProperties
				: undefined);
		if (declared) return undeclaredFields(each, declared, own);
		return additionalProperties === true || !properties ? [] : [own];
	});
}

/** Paths of every field that an object uses, as in `fieldsOf`; a key of a map counts as a field. */
export function usedFields(value: unknown, path = ""): string[] {
	if (Array.isArray(value))
		return value.flatMap((each) => usedFields(each, `${path}[]`));
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, each]) => {
		const own = path ? `${path}.${name}` : name;
		return [own, ...usedFields(each, own)];
	});
}

/** The schema of a kind in a version, if a CRD declares it. */
export function schemaFor(
	crds: readonly Crd[],
	apiVersion: string,
	kind: string,
): Schema | undefined {
	const [group, version] = apiVersion.split("/");
	return crds
		.find(({ spec }) => spec.group === group && spec.names.kind === kind)
		?.spec.versions.find(({ name }) => name === version)?.schema
		.openAPIV3Schema;
}
