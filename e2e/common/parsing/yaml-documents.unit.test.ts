import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { parseYamlDocuments } from "./yaml-documents.ts";

/** What is easily read in two ways. */
const scalars = [
	...["1_000", "0o17", "0x1F", "0777", "08", "1e3", ".5", "5.", "-0", "+1"],
	...[".inf", "-.INF", ".nan", "1e400", "12345678901234567890", "190:20:30"],
	...["~", "null", "Null", "nULL", "yes", "on", "off", "y", "True", "tRUE"],
	...["2001-01-01", "2001-12-14t21:59:43.10-05:00", "1,000", "1:2", "", '""'],
	...["'it''s'", '"a\\tb\\x41\\u00e9"', "a #b", "a:b", "http://x:y", "'#'"],
	...["[a, b,]", "{a, b: }", "{'a':1}", "[a: b]", "<<", "&a b", "=", "|", ">-"],
	...[
		"|\n    a\n    b\n",
		"|-\n    a\n\n    b\n\n",
		">\n    a\n    b\n\n    c\n",
	],
	...["|+\n    a\n\n\n", "|2\n      a\n", '"a\n    b\n\n    c"', "a\n    b\n"],
	...["!!str 1", "!!float 1", "!foo x", "!!binary aGk=", "[!!int 1]", "a!b"],
];

const texts = [
	...scalars.flatMap((each) => [`a: ${each}\n`, `- b: ${each}\n  c: 1\n`]),
	...[
		"",
		"# nothing\n",
		"---\n---\na: 1\n",
		"--- a\n",
		"a: 1\n...\n",
		"- - a\n",
	],
	...["a: 1\n---\nb: 2\n", "%YAML 1.1\n---\na: yes\n", "a: b\n  c\n", "a:1\n"],
	...["a: &x {b: 1}\nc: *x\n", "<<: {a: 1}\nb: 2\n", "__proto__: {x: 1}\n"],
	...["1: a\n", "true: a\n", "1.0: a\n", "0x10: a\n", "? a\n: b\n"],
	...[
		"a: |\r\n  b\r\n",
		"\ufeffa: 1\n",
		"a:\n- b\n",
		"a: |\n  x\n \n",
		"{{ a }}\n",
	],
];

test.each(texts)("%j is read as the library yaml reads it", (text) => {
	for (const uniqueKeys of [true, false]) {
		const documents = parseAllDocuments(text, {
			uniqueKeys,
			logLevel: "error",
		});
		const read = () =>
			parseYamlDocuments(text, { uniqueKeys }).filter((each) => each !== null);
		if (documents.some(({ errors }) => errors.length > 0))
			expect(read).toThrow(documents.flatMap(({ errors }) => errors)[0]);
		else
			expect(read()).toStrictEqual(
				documents.map((each) => each.toJS()).filter((each) => each !== null),
			);
	}
});

test("of a key that occurs twice the last one counts, or it is an error", () => {
	const text = "a: 1\nb: 2\na: 3\n";
	expect(parseYamlDocuments(text, { uniqueKeys: false })).toEqual([
		{ a: 3, b: 2 },
	]);
	expect(() => parseYamlDocuments(text)).toThrow("Map keys must be unique");
});

test("aliases of aliases are refused", () => {
	const lines = Array.from(
		{ length: 9 },
		(_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]\n`,
	);
	expect(() => parseYamlDocuments(`a0: &a0 [x]\n${lines.join("")}`)).toThrow(
		"Excessive alias count",
	);
});

test("an alias of what it is in is an error, and one that is only repeated is none", () => {
	expect(() => parseYamlDocuments("a: &x\n  b: [1, *x]\n")).toThrow(
		"It has an alias that refers to what the alias is in",
	);
	expect(parseYamlDocuments("a: &x {b: 1}\nc: [*x, *x]\n")).toEqual([
		{ a: { b: 1 }, c: [{ b: 1 }, { b: 1 }] },
	]);
});
