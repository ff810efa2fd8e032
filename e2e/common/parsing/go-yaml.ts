import {
	boolYaml11Tag,
	CORE_SCHEMA,
	defineScalarTag,
	NOT_RESOLVED,
} from "js-yaml";
import { type ScalarTag, stringify, type Tags } from "yaml";

/*
 * Helm, kubectl and the API server read YAML with a library of Go that knows YAML 1.1: `yes`, `on` and `n` are booleans,
 * `1_000` and `0777` are numbers. The libraries here know YAML 1.2, where those are text.
 */

/** A value as YAML that Helm, kubectl and the API server read as what it is: the text `yes` stays a text. */
export function writeGoYaml(value: unknown): string {
	return stringify(value, { version: "1.1", lineWidth: 0, ...asGoReads });
}

const words = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const numbers =
	/^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[\da-fA-F_]+|0[0-7_]+|\d[\d_]*)$/;

/** A plain number as Go's `ParseInt` with base 0 reads it. */
function readGoNumber(source: string): number {
	const plain = source.replaceAll("_", "");
	const sign = plain.startsWith("-") ? -1 : 1;
	const digits = plain.replace(/^[-+]/, "");
	return (
		sign * Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
	);
}

/** For js-yaml. */
export const goSchema = CORE_SCHEMA.withTags(
	boolYaml11Tag,
	defineScalarTag("tag:yaml.org,2002:int", {
		implicit: true,
		implicitFirstChars: ["-", "+", ..."0123456789"],
		resolve: (source) =>
			numbers.test(source) ? readGoNumber(source) : NOT_RESOLVED,
		identify: () => false,
	}),
);

const tags: readonly ScalarTag[] = [
	{
		tag: "tag:yaml.org,2002:bool",
		default: true,
		test: words,
		resolve: (source) => /^(?:y|on)/i.test(source),
	},
	{
		tag: "tag:yaml.org,2002:int",
		default: true,
		test: numbers,
		resolve: readGoNumber,
	},
];

/** An option of the library `yaml`. */
export const asGoReads = {
	customTags: (own: Tags): Tags => [...tags, ...own],
} as const;
