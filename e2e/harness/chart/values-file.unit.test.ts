import { expect, test } from "vitest";
import { valuesProblem } from "./values-file.ts";

test.each([
	["", undefined],
	["# only a comment\n", undefined],
	["a: {b: 1}\n", undefined],
	["- a\n", "it is not a mapping of keys to values"],
	["text\n", "it is not a mapping of keys to values"],
	["a: 1\n---\nb: 2\n", "it holds more than one YAML document"],
	["12\n", "it is not a mapping of keys to values"],
	["a: [1\n", expect.stringMatching(/ at line 2, column 1$/)],
	["a: *b\n", expect.stringContaining("Unresolved alias")],
	[
		"grafana: &x\n  env: *x\n",
		"It has an alias that refers to what the alias is in",
	],
	["a: 1\na: 2\n", expect.stringContaining("Map keys must be unique")],
] as const)("values %j: %s", (text, problem) => {
	expect(valuesProblem(text)).toEqual(problem);
});
