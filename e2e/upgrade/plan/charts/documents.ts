/** The documents of a rendering, without checksums: what a checksum is made from is compared itself. */
export function documentsOf(text: string): string[] {
	return writtenDocumentsOf(text.replaceAll(/^\s+checksum\/.*\n/gm, ""));
}

/** The documents of a rendering as they are. */
export function writtenDocumentsOf(text: string): string[] {
	return text.split(/^---$/m).filter((each) => /^[^#\s]/m.test(each));
}
