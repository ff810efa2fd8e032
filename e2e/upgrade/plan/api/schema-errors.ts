import { Ajv, type ErrorObject } from "ajv";
import { isPlainObject, memoize } from "es-toolkit";
import type { Schema } from "../charts/crd-schema.ts";
import { at, show } from "../charts/fields.ts";
import { repeatedItems } from "./repeated-items.ts";

const ajv = new Ajv({
	strict: false,
	allErrors: true,
	validateFormats: false,
	logger: false,
	verbose: true,
	code: { optimize: false },
});

/** What a schema says against a value, e.g. `spec.retention is "soon" and must match pattern "..."`. */
export function schemaErrors(value: unknown, schema: Schema): string[] {
	const content = withoutNulls(value);
	const validate = validatorOf(JSON.stringify(sliceFor([content], schema)));
	const errors = validate(content) ? [] : (validate.errors ?? []);
	return [
		...errors.filter((each) => !isAlternative(each, errors)).map(describe),
		...repeatedItems(content, schema),
	];
}

/** Objects of one kind mostly use the same fields. */
const validatorOf = memoize((schema: string) =>
	ajv.compile<unknown>(JSON.parse(schema)),
);

/** Of alternatives that all fail, only the last word counts: that none of them fits. */
function isAlternative(
	{ schemaPath, instancePath }: ErrorObject,
	errors: readonly ErrorObject[],
): boolean {
	return (
		/\/(anyOf|oneOf)\/\d/.test(schemaPath) &&
		errors.some(
			(each) =>
				["anyOf", "oneOf"].includes(each.keyword) &&
				instancePath.startsWith(each.instancePath),
		)
	);
}

function describe({
	instancePath,
	message,
	keyword,
	params,
	data,
	parentSchema,
}: ErrorObject & { data?: unknown }): string {
	const path = instancePath.slice(1).replaceAll("/", ".").replaceAll("~1", "/");
	const where = path || "the object";
	const allowed: unknown = Array.isArray(params.allowedValues)
		? params.allowedValues.filter((each) => each !== "")
		: undefined;
	if (keyword === "required")
		return `${where} lacks ${String(params.missingProperty)}, which is required`;
	if (keyword === "pattern" && isQuantity(String(params.pattern)))
		return `${where} is ${show(data)}, which is no quantity such as 512Mi, 1.5G or 500m`;
	if (keyword === "anyOf" || keyword === "oneOf") {
		const kinds = kindsIn(parentSchema?.[keyword]);
		if (kinds)
			return `${where} is ${show(data)} and must be ${kinds}${inOtherWords(data, isQuantity(String(parentSchema?.pattern)))}`;
	}
	const found = data === undefined ? "" : ` is ${show(data)} and`;
	return `${where}${found} ${message}${allowed === undefined ? "" : `: ${show(allowed)}`}`;
}

const names = new Map<unknown, string>([
	["integer", "a whole number"],
	["number", "a number"],
	["string", "text"],
	["boolean", "true or false"],
	["object", "a map"],
	["array", "a list"],
]);

/** e.g. "a whole number or text"; undefined if the alternatives are more than types. */
function kindsIn(alternatives: unknown): string | undefined {
	const found = Array.isArray(alternatives)
		? alternatives.map((each) => names.get(at(each, "type")))
		: [undefined];
	return found.every((each) => each !== undefined)
		? found.join(" or ")
		: undefined;
}

/** How the same can be written as text, and an amount in smaller units. */
function inOtherWords(value: unknown, isAmount: boolean): string {
	if (typeof value !== "number" && typeof value !== "boolean") return "";
	const small = Number(value) * 1000;
	return `: write ${JSON.stringify(String(value))}${isAmount && Number.isInteger(small) ? ` or ${small}m` : ""}`;
}

/** Whether a pattern is that of the CRDs, or our own, for what has units. */
function isQuantity(pattern: string): boolean {
	return pattern.includes("[KMGTPE]i") && pattern.includes("[numkMGTPE]");
}

/** A null is the same as no field. */
function withoutNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (!isPlainObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, each]) => each !== null)
			.map(([name, each]) => [name, withoutNulls(each)]),
	);
}

/**
 * The part of a schema that these values need: compiling all of a CRD takes seconds, and a chart uses a hundredth of it.
 */
function sliceFor(values: readonly unknown[], schema: Schema): Schema {
	const {
		properties,
		items,
		additionalProperties,
		pattern,
		default: _,
		...rest
	} = schema;
	const maps = values.filter((each) => isPlainObject(each));
	const sliced: Schema = { ...rest };
	const translated = pattern === undefined ? undefined : javaScriptOf(pattern);
	if (translated !== undefined) sliced.pattern = translated;
	if (properties)
		sliced.properties = Object.fromEntries(
			Object.entries(properties).flatMap(([name, each]) => {
				const own = maps.flatMap((map) => (name in map ? [map[name]] : []));
				return own.length > 0 ? [[name, sliceFor(own, each)]] : [];
			}),
		);
	if (typeof additionalProperties === "object")
		sliced.additionalProperties = sliceFor(
			maps.flatMap((map) => Object.values(map)),
			additionalProperties,
		);
	if (items)
		sliced.items = sliceFor(
			values.flatMap((each) => (Array.isArray(each) ? each : [])),
			items,
		);
	return sliced;
}

/** Undefined if JavaScript cannot read Go's regular expression: then nothing is held against it. */
function javaScriptOf(pattern: string): string | undefined {
	try {
		new RegExp(pattern, "u");
		return pattern;
	} catch {
		return undefined;
	}
}
