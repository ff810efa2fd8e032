import { parse } from "@marcbachmann/cel-js";
import { isPlainObject } from "es-toolkit";
import type { Schema } from "../charts/crd-schema.ts";

/** What the CEL rules of a schema say against a value. */
export function ruleErrors(
	value: unknown,
	schema: Schema,
	path = "",
): string[] {
	const own = (schema["x-kubernetes-validations"] ?? []).flatMap(
		({ rule, message }) =>
			isBroken(rule, value)
				? [`${path || "the object"}: ${message ?? `${rule} does not hold`}`]
				: [],
	);
	if (Array.isArray(value)) {
		const { items } = schema;
		return [
			...own,
			...(items
				? value.flatMap((each, i) => ruleErrors(each, items, `${path}.${i}`))
				: []),
		];
	}
	if (!isPlainObject(value)) return own;
	return [
		...own,
		...Object.entries(value).flatMap(([name, each]) => {
			const declared =
				schema.properties?.[name] ??
				(typeof schema.additionalProperties === "object"
					? schema.additionalProperties
					: undefined);
			return declared
				? ruleErrors(each, declared, path ? `${path}.${name}` : name)
				: [];
		}),
	];
}

/** A rule that compares with the old object, or uses what only Kubernetes has, is left to the API server. */
function isBroken(rule: string, value: unknown): boolean {
	if (/\boldSelf\b/.test(rule)) return false;
	try {
		return parse(rule)({ self: withIntegers(value) }) === false;
	} catch {
		return false;
	}
}

/** CEL's integers are BigInts here. */
function withIntegers(value: unknown): unknown {
	if (typeof value === "number" && Number.isInteger(value))
		return BigInt(value);
	if (Array.isArray(value)) return value.map(withIntegers);
	return isPlainObject(value)
		? Object.fromEntries(
				Object.entries(value).map(([name, each]) => [name, withIntegers(each)]),
			)
		: value;
}
