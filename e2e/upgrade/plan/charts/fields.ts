import { isEqual } from "es-toolkit";
import { get } from "es-toolkit/compat";
import { cleanAll, cutAfter } from "../../../common/secrecy/redact.ts";

/** A field of an object by its path, e.g. `spec.template.spec.containers`; keys with dots need a list of keys. */
export function at(
	object: unknown,
	path: string | readonly (string | number)[],
): unknown {
	return get(object, typeof path === "string" ? path : [...path]);
}

/** A text field of an object by its path; empty if it is not text. */
export function textAt(object: unknown, path: string | string[]): string {
	const value: unknown = get(object, path);
	return typeof value === "string" ? value : "";
}

/** An object's fields; none if the value is not an object. */
export function asObject(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Whether a value says nothing: none, or an empty list or object. */
export function isNothing(value: unknown): boolean {
	return [undefined, null, {}, []].some((each) => isEqual(each, value));
}

/** A path or an address without a slash at its end. */
export function withoutSlash(path: string): string {
	return path.replace(/\/+$/, "");
}

/** A short rendering of a value for evidence. */
export function show(value: unknown): string {
	if (value === undefined) return "nothing";
	// Clean before it is escaped and cut: afterwards a secret would not be recognised.
	return cutAfter(JSON.stringify(cleanAll(value)), 160);
}
