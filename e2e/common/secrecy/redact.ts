import { readFile, writeFile } from "node:fs/promises";
import { base64Within } from "./base64.ts";

const remembered = new Set<string>();

/** From now on, every `redact` in this process blanks this secret. */
export function rememberSecret(secret: string): void {
	remembered.add(secret);
}

/**
 * Blanks secrets in a text, in plain and as Kubernetes, URLs and JSON encode them.
 *
 * @param secrets in addition to those that were remembered
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
	// A secret that contains another one is blanked first, or a part of it would stay.
	const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
	return ordered.reduce(
		(rest, form) => rest.replaceAll(form, "<blanked>"),
		text,
	);
}

/** Blanks the remembered secrets in a file, if it exists. */
export async function redactFile(path: string): Promise<void> {
	const text = await readFile(path, "utf8").catch(() => undefined);
	if (text !== undefined) await writeFile(path, redact(text));
}
