import { gunzipSync } from "node:zlib";

/** Unpacks gzip; undefined if it only looks like gzip. */
export function gunzip(bytes: Uint8Array): Buffer | undefined {
	if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
	try {
		return gunzipSync(bytes);
	} catch {
		return undefined;
	}
}
