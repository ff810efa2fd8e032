import { base64Within, toBase64Url } from "./base64.ts";

const known = new Map<string, readonly string[]>();

/**
 * How a secret may be written: in plain, as URLs, JSON and hexadecimal dumps write it, as base64 and base64 of base64,
 * alone or as a part of something longer. The longest come first: what contains another form is found whole.
 */
export function formsOf(secret: string): readonly string[] {
	if (!secret) return [];
	const found = known.get(secret);
	if (found) return found;
	const once = [
		Buffer.from(secret).toString("base64"),
		...base64Within(secret),
	];
	// A Secret's manifest in another Secret, or what a person encoded who did not know that kubectl does it.
	const twice = once.flatMap(base64Within);
	const all = [
		secret,
		encodeURIComponent(secret),
		// In JSON strings, slashes may be escaped.
		secret.replaceAll("/", "\\/"),
		JSON.stringify(secret).slice(1, -1),
		Buffer.from(secret).toString("hex"),
		...[...once, ...twice].flatMap((form) => [form, toBase64Url(form)]),
	];
	const forms = [...new Set(all)].sort((a, b) => b.length - a.length);
	known.set(secret, forms);
	return forms;
}
