import { gunzipSync } from "node:zlib";

/** Gzip in base64: Helm stores its releases like that, and annotations may hold manifests like that. */
const gzipInBase64 = /H4sI[A-Za-z0-9+/]{16,}={0,2}/g;

/** Unpacks gzip; undefined if it only looks like gzip. */
export function gunzip(bytes: Uint8Array): Buffer | undefined {
	if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
	try {
		return gunzipSync(bytes);
	} catch {
		return undefined;
	}
}

/** The contents of everything in a text that is gzip in base64. */
export function gzippedIn(text: string): Buffer[] {
	return [...text.matchAll(gzipInBase64)].flatMap(
		([packed]) => gunzip(Buffer.from(packed, "base64")) ?? [],
	);
}

/** Replaces what is gzip in base64. @param replace gets it, and its content */
export function replaceGzipped(
	text: string,
	replace: (packed: string, content: Buffer) => string,
): string {
	return text.replaceAll(gzipInBase64, (packed) => {
		const content = gunzip(Buffer.from(packed, "base64"));
		return content ? replace(packed, content) : packed;
	});
}
