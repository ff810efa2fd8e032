import type { Document } from "yaml";

/**
 * The content of a YAML document without errors.
 *
 * @throws Error for what cannot be values: aliases that refer to nothing, to too much, or to what they are in
 */
export function contentOf(document: Pick<Document, "toJS">): unknown {
	const content: unknown = document.toJS();
	if (refersToItself(content))
		throw new Error("It has an alias that refers to what the alias is in");
	return content;
}

/** Whether something contains itself: `a: &x [*x]`. What looks at all of it would never end. */
export function refersToItself(content: unknown): boolean {
	const above = new Set<object>();
	// What an alias repeats is looked at once.
	const seen = new Set<object>();
	const isIn = (value: unknown): boolean => {
		if (typeof value !== "object" || value === null) return false;
		if (above.has(value)) return true;
		if (seen.has(value)) return false;
		seen.add(value);
		above.add(value);
		const found = Object.values(value).some(isIn);
		above.delete(value);
		return found;
	};
	return isIn(content);
}
