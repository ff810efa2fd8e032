import { expect, test } from "vitest";
import { writeGoYaml } from "./go-yaml.ts";
import { parseYamlDocuments } from "./yaml-documents.ts";

const read: readonly (readonly [text: string, value: unknown])[] = [
	["yes", true],
	["On", true],
	["y", true],
	["no", false],
	["OFF", false],
	["n", false],
	["true", true],
	['"yes"', "yes"],
	["'n'", "n"],
	["yes please", "yes please"],
	["yEs", "yEs"],
	["1_000", 1000],
	["0777", 511],
	["0o17", 15],
	["0x1F", 31],
	["-0b11", -3],
	["08", 8],
	["+1", 1],
	["190:20:30", "190:20:30"],
	["2001-01-01", "2001-01-01"],
	['"1_000"', "1_000"],
	["1.5", 1.5],
	["~", null],
];

test.each(read)("%s is read as Go reads it", (text, value) => {
	expect(parseYamlDocuments(`a: ${text}`, { asGo: true })).toEqual([
		{ a: value },
	]);
	// Where the other library has to read it.
	expect(
		parseYamlDocuments(`<<: { b: 1 }\na: ${text}`, { asGo: true, merge: true }),
	).toEqual([{ a: value, b: 1 }]);
});

const texts = [
	...["yes", "on", "off", "no", "NO", "n", "y", "true", "null", "~", "", "="],
	...["1_000", "012", "0o12", "0x1f", "1:30", "2001-01-01", ".5", "1e3", "0b1"],
];

test.each(texts)("the text %j stays a text", (text) => {
	for (const value of [{ a: text }, { [text]: 1 }, [text]]) {
		const written = writeGoYaml(value);
		expect(parseYamlDocuments(written, { asGo: true })).toEqual([value]);
		expect(parseYamlDocuments(written)).toEqual([value]);
	}
});
