import { SecretFinder } from "./finder.ts";
import { gunzip } from "./gzipped.ts";

/** The strings that give a webhook away: its whole address and the token at its end. */
export function makeNeedles(webhookUrl: string): string[] {
	const whole = webhookUrl.trim();
	const token = whole.split("/").at(-1) ?? "";
	// A short last part would be found everywhere, which means nothing.
	return token.length >= 8 ? [whole, token] : [whole];
}

/**
 * Whether a text contains one of the secrets: in one of its forms, which is how manifests and logs show a Secret's data,
 * or inside base64 or gzip, which is how Helm and the operator store theirs.
 */
export function containsSecret(
	content: string | Uint8Array,
	needles: readonly string[],
): boolean {
	const finder = finderOf(needles);
	return layersOf(Buffer.from(content)).some(
		(layer) => finder.find(layer.toString()).length > 0,
	);
}

/** One search has a hundred thousand texts, and a process searches for a few secrets. */
const finders = new Map<string, SecretFinder>();

function finderOf(needles: readonly string[]): SecretFinder {
	const key = JSON.stringify(needles);
	const finder = finders.get(key) ?? new SecretFinder(needles);
	finders.set(key, finder);
	return finder;
}

/** Helm's releases are base64 of gzip, and Kubernetes adds base64; nothing nests deeper than that. */
const deepest = 4;

function layersOf(bytes: Buffer, depth = 0): Buffer[] {
	if (depth > deepest) return [];
	return [
		bytes,
		...unpack(bytes).flatMap((inner) => layersOf(inner, depth + 1)),
	];
}

function unpack(bytes: Buffer): Buffer[] {
	const unzipped = gunzip(bytes);
	if (unzipped) return [unzipped];
	const text = bytes.toString("latin1");
	// Of something that is no text, such as an archive. Base64 of texts is unpacked in every text that is searched.
	return /^\s*[A-Za-z0-9+/\s]{8,}={0,2}\s*$/.test(text)
		? [Buffer.from(text, "base64")]
		: [];
}
