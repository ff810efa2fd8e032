import { expect, test } from "vitest";
import { ofTemplate } from "./ordinary.ts";
import { readTemplate } from "./templates.ts";

test.each([
	["a {{ .Values.x }} b", `a ${ofTemplate} b`, []],
	['{{- "a" | quote -}}', "a", []],
	['{{ printf "a" `b` }}', ofTemplate, ["a", "b"]],
	// Helm leaves the inner one to somebody else.
	['{{ "{{ .x }}" }}', ofTemplate, []],
	['{{ "a}}b" }} c', "a}}b c", []],
	// A quotation mark that is no text's, and two that are escaped for JSON.
	['{{/* 5" disk */}} a', `${ofTemplate} a`, []],
	['{{ \\"a\\" | quote }} b', `${ofTemplate} b`, []],
])("the template %j is read as %j", (text, read, literals) => {
	expect(readTemplate(text)).toEqual({ text: read, literals });
});

// Each took minutes, or for ever.
test.each([
	`{{ ${'"a" '.repeat(400)}`,
	`{{ ${"`a` ".repeat(400)}`,
	`{{${" ".repeat(4000)}`,
	'{{ "'.repeat(300),
])("a template that never ends is left as it is", (text) => {
	expect(readTemplate(text)).toEqual({ text, literals: [] });
});
