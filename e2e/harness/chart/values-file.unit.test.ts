import { expect, test } from "vitest";
import { valuesProblem } from "./values-file.ts";

test.each([
	["", undefined],
	["# only a comment\n", undefined],
	["a: {b: 1}\n", undefined],
	["- a\n", "is not a mapping of values"],
	["text\n", "is not a mapping of values"],
	["a: 1\n---\nb: 2\n", "holds more than one YAML document"],
	["12\n", "is not a mapping of values"],
	["a: *b\n", expect.stringContaining("Unresolved alias")],
	["a: 1\na: 2\n", expect.stringContaining("Map keys must be unique")],
] as const)("values %j: %s", (text, problem) => {
	expect(valuesProblem(text)).toEqual(problem);
});
