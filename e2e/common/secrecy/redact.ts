import { isPlainObject, mapValues } from "es-toolkit";
import { SecretFinder } from "./finder.ts";
import { makePrintable } from "./printable.ts";

const remembered = new Set<string>();
let finder = new SecretFinder([]);
let isCurrent = true;
const blank = "<blanked>";

/** From now on, every text that this process writes has this secret blanked. */
export function rememberSecret(secret: string): void {
	if (remembered.has(secret)) return;
	remembered.add(secret);
	isCurrent = false;
}

/** For tests: those of other files run in the same process. */
export function forgetSecrets(): void {
	remembered.clear();
	isCurrent = false;
}

/** What was remembered, for other processes and threads. */
export function rememberedSecrets(): string[] {
	return [...remembered];
}

function currentFinder(): SecretFinder {
	if (!isCurrent) finder = new SecretFinder(remembered);
	isCurrent = true;
	return finder;
}

/**
 * Blanks secrets in a text, in each of their forms, and as a whole what is packed and contains one.
 *
 * @param secrets in addition to those that were remembered
 */
export function redact(text: string, secrets: readonly string[] = []): string {
	const found =
		secrets.length > 0
			? new SecretFinder([...remembered, ...secrets])
			: currentFinder();
	let plain = "";
	let done = 0;
	for (const { from, to } of found.find(text)) {
		plain += text.slice(done, from) + blank;
		done = to;
	}
	return plain + text.slice(done);
}

/** A text that may be shown or written: without secrets, and without control characters that a terminal would obey. */
export function clean(text: string): string {
	return redact(makePrintable(text));
}

/**
 * A value whose texts may be shown or written. What is rendered, escaped, wrapped or cut must be clean before: afterwards
 * a secret may not be recognised any more.
 */
export function cleanAll<T>(value: T): T;
export function cleanAll(value: unknown): unknown {
	if (typeof value === "string") return clean(value);
	if (Array.isArray(value)) return value.map((each) => cleanAll(each));
	return isPlainObject(value)
		? mapValues(value, (each) => cleanAll(each))
		: value;
}

/** The beginning of a text, cleaned before it is cut: a part of a secret would not be recognised. @param most characters */
export function cutAfter(text: string, most: number, omission = "..."): string {
	const cleaned = clean(text);
	return cleaned.length > most
		? `${cleaned.slice(0, most)}${omission}`
		: cleaned;
}

/** The end of a text, cleaned before it is cut. @param most characters */
export function cutBefore(text: string, most: number): string {
	return clean(text).slice(-most);
}
