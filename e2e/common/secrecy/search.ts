import { gunzipSync } from "node:zlib";
import { base64Within } from "./base64.ts";

/** The strings that give a webhook away: its whole address and the token at its end. */
export function makeNeedles(webhookUrl: string): string[] {
	const whole = webhookUrl.trim();
	const token = whole.split("/").at(-1) ?? "";
	// A short last part would be found everywhere, which means nothing.
	return token.length >= 8 ? [whole, token] : [whole];
}

/**
 * Whether a text contains one of the secrets: in plain, as part of something in base64, which is how manifests and logs
 * show a Secret's data, or inside base64 or gzip, which is how Helm and the operator store theirs.
 */
export function containsSecret(
	content: string | Uint8Array,
	needles: readonly string[],
): boolean {
	const forms = needles.flatMap((needle) => [needle, ...base64Within(needle)]);
	return layersOf(Buffer.from(content)).some((layer) =>
		forms.some((form) => layer.includes(form)),
	);
}

/** Helm's releases are base64 of gzip, and Kubernetes adds base64; nothing nests deeper than that. */
const deepest = 4;

function layersOf(bytes: Buffer, depth = 0): Buffer[] {
	if (depth > deepest) return [];
	const inner = unpack(bytes);
	return [bytes, ...(inner ? layersOf(inner, depth + 1) : [])];
}

function unpack(bytes: Buffer): Buffer | undefined {
	if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
		try {
			return gunzipSync(bytes);
		} catch {
			// It only looks like gzip.
			return undefined;
		}
	}
	const text = bytes.toString("latin1").trim();
	return /^[A-Za-z0-9+/\s]{8,}={0,2}$/.test(text)
		? Buffer.from(text, "base64")
		: undefined;
}
