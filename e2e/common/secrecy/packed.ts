import { isUtf8 } from "node:buffer";
import { gunzip } from "./gzipped.ts";

/** A part of a text that stands for another text. */
export interface Packed {
	readonly from: number;
	/** Exclusive. */
	readonly to: number;
	readonly content: string;
}

/** Base64, also that of URLs, and in lines as tools break it. */
const base64Run = /[\w+/-]{8,}(?:\r?\n[ \t]*[\w+/-]+)*={0,2}/g;
/** Dumps of bytes, as `70 61 73 73` and `70:61:73:73`. */
const hexRun = /\b(?:[0-9a-f]{2}[ :-]{1,2}){3,}[0-9a-f]{2}\b/gi;
/** Go prints bytes as `[112 97 115 115]`. */
const bytesRun = /\[(?:\d{1,3} ){3,}\d{1,3}\]/g;

const whiteSpace = new Set(Buffer.from("\t\r\n"));

/** What is packed in a text: base64 of texts and of gzip, and dumps of bytes. What is no text inside is left out. */
export function packedIn(text: string): Packed[] {
	return [
		...[...text.matchAll(base64Run)].flatMap((match) => unpackRun(match)),
		...unpackAll(text, hexRun, (run) =>
			Buffer.from(run.replaceAll(/[ :-]/g, ""), "hex"),
		),
		...unpackAll(text, bytesRun, (run) =>
			Buffer.from(run.slice(1, -1).split(" ").map(Number)),
		),
	];
}

/** Lines may belong together, and may be something else than the line above them: so both are looked at. */
function unpackRun({ 0: run, index }: RegExpExecArray): Packed[] {
	const whole = unpackBase64(run, index);
	if (!run.includes("\n")) return whole;
	const lines = [...run.matchAll(/[\w+/=-]+/g)];
	return [
		...whole,
		...lines.flatMap((line) => unpackBase64(line[0], index + line.index)),
	];
}

function unpackBase64(run: string, from: number): Packed[] {
	// Hardly any text becomes base64 without a capital letter, and most words of a log have none.
	if (!/[A-Z]/.test(run)) return [];
	const bytes = Buffer.from(run.replaceAll(/\s+/g, ""), "base64");
	return contentOf(bytes).map((content) => ({
		from,
		to: from + run.length,
		content,
	}));
}

function unpackAll(
	text: string,
	pattern: RegExp,
	decode: (run: string) => Buffer,
): Packed[] {
	return [...text.matchAll(pattern)].flatMap(({ 0: run, index: from }) =>
		contentOf(decode(run)).map((content) => ({
			from,
			to: from + run.length,
			content,
		})),
	);
}

function contentOf(bytes: Buffer): string[] {
	const unzipped = gunzip(bytes);
	if (unzipped) return [unzipped.toString()];
	return isText(bytes) ? [bytes.toString()] : [];
}

/** Whether bytes are a text: words that only look like base64 become control characters after a few bytes. */
function isText(bytes: Buffer): boolean {
	return (
		!bytes.some((byte) => byte < 0x20 && !whiteSpace.has(byte)) && isUtf8(bytes)
	);
}
