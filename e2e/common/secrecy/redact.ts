import { readFile, writeFile } from "node:fs/promises";
import { formsOf } from "./forms.ts";
import { replaceGzipped } from "./gzipped.ts";

const remembered = new Set<string>();
const blank = "<blanked>";

/** From now on, every `redact` in this process blanks this secret. */
export function rememberSecret(secret: string): void {
	remembered.add(secret);
}

/**
 * Blanks secrets in a text, in each of their forms, and gzip in base64 that contains one.
 *
 * @param secrets in addition to those that were remembered
 */
export function redact(text: string, secrets: readonly string[] = []): string {
	const forms = new Set([...remembered, ...secrets].flatMap(formsOf));
	// A secret that contains another one is blanked first, or a part of it would stay.
	const ordered = [...forms].sort((a, b) => b.length - a.length);
	const plain = ordered.reduce(
		(rest, form) => rest.replaceAll(form, blank),
		text,
	);
	return replaceGzipped(plain, (packed, content) =>
		ordered.some((form) => content.includes(form)) ? blank : packed,
	);
}

/** Blanks the remembered secrets in a file, if it exists. */
export async function redactFile(path: string): Promise<void> {
	const text = await readFile(path, "utf8").catch(() => undefined);
	if (text !== undefined) await writeFile(path, redact(text));
}
