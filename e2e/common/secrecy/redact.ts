import { readFile, writeFile } from "node:fs/promises";
import { base64Within } from "./base64.ts";

const remembered = new Set<string>();

/** From now on, `redact` blanks this secret wherever this process uses it. */
export function rememberSecret(secret: string): void {
	remembered.add(secret);
}

/**
 * Blanks secrets in text, in plain and in the encodings that Kubernetes and URLs give them.
 *
 * @param secrets besides those that were remembered
 */
export function redact(text: string, secrets: readonly string[] = []): string {
	const all = [...remembered, ...secrets].filter(Boolean);
	const forms = all.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		// In JSON strings, slashes may be escaped.
		secret.replaceAll("/", "\\/"),
		Buffer.from(secret).toString("base64"),
		...base64Within(secret),
	]);
	// A secret that contains another goes first, so that no part of it stays.
	const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
	return ordered.reduce(
		(rest, form) => rest.replaceAll(form, "<blanked>"),
		text,
	);
}

/** Blanks the remembered secrets in a file, if there is one. */
export async function redactFile(path: string): Promise<void> {
	const text = await readFile(path, "utf8").catch(() => undefined);
	if (text !== undefined) await writeFile(path, redact(text));
}
