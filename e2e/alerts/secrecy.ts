import { gunzipSync } from "node:zlib";

/** The strings by which a webhook would be recognised: its whole address and the token at its end. */
export function makeNeedles(webhookUrl: string): string[] {
	const whole = webhookUrl.trim();
	const token = whole.split("/").at(-1) ?? "";
	// A short last part would be found everywhere and mean nothing.
	return token.length >= 8 ? [whole, token] : [whole];
}

/**
 * Whether a text holds the secret as it is, as the base64 of what begins with it, which is how a Secret shows it in
 * manifests and logs, or inside of base64 or gzip as Helm and the operator store theirs.
 */
export function holds(
	content: string | Uint8Array,
	needles: readonly string[],
): boolean {
	const forms = needles.flatMap((needle) => [needle, beginBase64(needle)]);
	return layersOf(Buffer.from(content)).some((layer) =>
		forms.some((form) => layer.includes(form)),
	);
}

/** What the base64 of every text that begins so begins with: of whole groups of three bytes, of which it must have some. */
function beginBase64(text: string): string {
	const bytes = Buffer.from(text);
	return bytes
		.subarray(0, bytes.length - (bytes.length % 3))
		.toString("base64");
}

/** Helm's releases are base64 of gzip, and Kubernetes puts base64 around it; deeper than that nobody packs. */
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
			// Only looks like gzip.
			return undefined;
		}
	}
	const text = bytes.toString("latin1").trim();
	return /^[A-Za-z0-9+/\s]{8,}={0,2}$/.test(text)
		? Buffer.from(text, "base64")
		: undefined;
}
