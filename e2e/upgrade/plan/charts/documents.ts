import { memoize } from "es-toolkit";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { imagesIn } from "../../../harness/images/rendered-references.ts";

/** A document of a rendering. */
export interface ParsedDocument {
	readonly objects: readonly Manifest[];
	readonly images: readonly string[];
}

/** Parses a document of a rendering. One that recurs, in any rendering of this process, is parsed once. */
export const parseDocumentOnce = memoize((text: string): ParsedDocument => {
	const objects = parseManifests(text);
	return { objects, images: imagesIn(objects) };
});

/** The documents of a rendering, without checksums: what a checksum is made from is compared itself. */
export function documentsOf(text: string): string[] {
	return writtenDocumentsOf(text).map((each) =>
		// Few documents have any, and looking for their lines takes long.
		each.includes("checksum/")
			? each.replaceAll(/^\s+checksum\/.*\n/gm, "")
			: each,
	);
}

/** The documents of a rendering as they are. */
export function writtenDocumentsOf(text: string): string[] {
	return text.split(/^---$/m).filter((each) => /^[^#\s]/m.test(each));
}
