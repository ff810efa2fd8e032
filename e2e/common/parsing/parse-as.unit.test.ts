import { expect, test } from "vitest";
import { z } from "zod";
import { parseAs, parseJson, parseJsonAs } from "./parse-as.ts";

const schema = z.looseObject({
	groups: z.array(z.looseObject({ name: z.string(), interval: z.number() })),
});

test("what fits is returned", () => {
	const value = { groups: [{ name: "a", interval: 60 }] };
	expect(parseAs(schema, value, "the answer")).toEqual(value);
	expect(parseJsonAs(schema, JSON.stringify(value), "the answer")).toEqual(
		value,
	);
});

test("an error names the fields that are not as expected, and quotes no value", () => {
	const value = { groups: [{ name: "a", interval: "hunter2hunter2" }] };
	expect(() => parseAs(schema, value, "the answer to GET /rules")).toThrow(
		"the answer to GET /rules has an unexpected form: groups[0].interval: Invalid input: expected number, received string",
	);
	expect(() => parseAs(schema, null, "the answer")).toThrow(
		"the answer has an unexpected form: the whole: Invalid input: expected object, received null",
	);
});

test("only a few fields are named, and the others counted", () => {
	const value = { groups: [{}, {}, {}] };
	expect(() => parseAs(schema, value, "it")).toThrow(/; and 3 more$/);
});

test("an error says what is not JSON, without quoting it", () => {
	expect(() => parseJson("<html>", "the answer to GET /")).toThrow(
		"the answer to GET / is not JSON, but 6 characters",
	);
	expect(() => parseJson(" ", "the answer")).toThrow("but nothing");
});
