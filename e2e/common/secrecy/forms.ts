import { base64Within, toBase64Url } from "./base64.ts";
import { makePrintable } from "./printable.ts";
import { unfold } from "./views.ts";

const known = new Map<string, readonly string[]>();

/** Characters; what is shorter would be found by chance. */
export const shortestSecret = 4;

/**
 * Whether a secret is short or a word, a name or a number that other texts may have a part of: it counts only where it
 * stands by itself. Otherwise a password "grafana" would blank the half of every name.
 */
export function isWeak(secret: string): boolean {
	return (
		secret.length < 6 ||
		/^([A-Z]?[a-z]{0,12}|[A-Z]{1,12}|\d{1,15}|[a-z]{1,10}([-_][a-z]{1,10}){0,2})$/.test(
			secret,
		)
	);
}

/**
 * How a secret may be written: in plain, as JSON, URLs, shells, YAML and hexadecimal dumps write it, as base64 and base64
 * of base64, alone or as a part of something longer. Other escapes are undone before the search, see views.ts; what is
 * packed in another way is unpacked, see packed.ts.
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
		// In forms and queries, where only the percent signs are undone otherwise.
		secret.replaceAll(" ", "+"),
		encodeURIComponent(secret).replaceAll("%20", "+"),
		// Between single quotes in a shell.
		secret.replaceAll("'", "'\\''"),
		secret.replaceAll("'", `'"'"'`),
		// Folded by YAML, of which the lines are joined before the search.
		unfold(secret),
		// As a terminal and a report get it.
		makePrintable(secret),
		...floatsOf(secret),
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

/** A number, as Helm's templates print it: in JSON, they have only floating-point numbers. */
function floatsOf(secret: string): string[] {
	if (!/^\d{7,}$/.test(secret)) return [];
	const number = Number(secret);
	const exponential = number.toExponential().replace(/e\+(\d)$/, "e+0$1");
	return [String(number), exponential];
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
