/** The documents of a rendering, without checksums: what a checksum is made from is compared itself. */
export function documentsOf(text: string): string[] {
	return text
		.replaceAll(/^\s+checksum\/.*\n/gm, "")
		.split(/^---$/m)
		.filter((each) => /^[^#\s]/m.test(each));
}
