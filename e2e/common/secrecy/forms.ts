import { base64Within, toBase64Url } from "./base64.ts";

const known = new Map<string, readonly string[]>();

/**
 * How a secret may be written: in plain, as JSON, URLs and hexadecimal dumps write it, as base64 and base64 of base64,
 * alone or as a part of something longer. Other escapes are undone before the search, see views.ts.
 */
export function formsOf(secret: string): readonly string[] {
	if (!secret) return [];
	const found = known.get(secret);
	if (found) return found;
	const plain = plainFormsOf(secret);
	const once = plain.flatMap((form) => [
		Buffer.from(form).toString("base64"),
		...base64Within(form),
	]);
	// A Secret's manifest in another Secret, or what a person encoded who did not know that kubectl does it.
	const twice = once.flatMap(base64Within);
	const hex = Buffer.from(secret).toString("hex");
	const all = [
		...plain,
		encodeURIComponent(secret),
		// In JSON strings, slashes may be escaped.
		secret.replaceAll("/", "\\/"),
		// Between single quotes in YAML.
		secret.replaceAll("'", "''"),
		hex,
		hex.toUpperCase(),
		...[...once, ...twice].flatMap((form) => [form, toBase64Url(form)]),
	];
	const forms = [...new Set(all)];
	known.set(secret, forms);
	return forms;
}

/** In plain, and in JSON strings as JavaScript and as Go write them. */
function plainFormsOf(secret: string): string[] {
	const json = JSON.stringify(secret).slice(1, -1);
	const go = json.replaceAll(
		/[&<>]/g,
		(char) => `\\u00${char.charCodeAt(0).toString(16)}`,
	);
	return [...new Set([secret, json, go])];
}
