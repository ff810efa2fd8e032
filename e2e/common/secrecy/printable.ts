import { stripVTControlCharacters } from "node:util";

/** All but line feed and tab; and marks that change the direction of text, which make it read as something else. */
const controls = /[^\P{Cc}\n\t]|\p{Bidi_Control}/gu;

/**
 * A text without what a terminal would obey: logs of containers, names of objects and answers of servers are other
 * people's texts, and could recolour, overwrite or retitle what a person reads.
 */
export function makePrintable(text: string): string {
	return stripVTControlCharacters(text)
		.replaceAll(/\r\n?/g, "\n")
		.replaceAll(controls, "");
}
