import { expect, test } from "vitest";
import { renderTemplate } from "./render.ts";

const context = {
	Values: {
		name: "Stack",
		on: false,
		list: ["a", "b"],
		map: { b: { v: 2 }, a: { v: 1 } },
		none: [],
	},
};
const render = (text: string, helpers: string[] = []) =>
	renderTemplate(text, context, helpers);

test.each([
	["{{ range .Values.list }}{{ . }};{{ end }}", "a;b;"],
	["{{ range $i, $v := .Values.list }}{{ $i }}={{ $v }};{{ end }}", "0=a;1=b;"],
	[
		"{{ range $k, $v := .Values.map }}{{ $k }}={{ $v.v }};{{ end }}",
		"a=1;b=2;",
	],
	["{{ range .Values.none }}x{{ else }}empty{{ end }}", "empty"],
	[
		"{{ range .Values.map }}{{ .v }}{{ $.Values.name }}{{ end }}",
		"1Stack2Stack",
	],
	["{{ with .Values.map.a }}{{ .v }}{{ end }}", "1"],
	["{{ with .Values.on }}x{{ else }}off{{ end }}", "off"],
	["{{ if .Values.on }}x{{ else if .Values.name }}y{{ end }}", "y"],
	["a\n{{- /* }} no */ -}}\nb", "ab"],
	["{{ $v := 1 }}{{ if true }}{{ $v = 2 }}{{ end }}{{ $v }}", "2"],
	["{{ $v := 1 }}{{ if true }}{{ $v := 2 }}{{ end }}{{ $v }}", "1"],
	['{{ index .Values "map" "a" "v" }}', "1"],
	['{{ dig "a" "w" "no" .Values.map }}', "no"],
	['{{ (get .Values.map "b").v }}', "2"],
	['{{ .Values | get "map.b.v" }}', "2"],
	['{{ .Values | get "map.b.w" 5 }}', "5"],
	['{{ .Values | get "map.b.v" 5 }}', "2"],
	['{{ .Values | get "name" "x" }}', "Stack"],
	['{{ .Values | getOrNil "map.b.w" | default 7 }}', "7"],
	['{{ .Values | getOrNil "map.b.v" | default 7 }}', "2"],
	["x:{{ toYaml .Values.list | nindent 2 }}", "x:\n  - a\n  - b"],
	['{{ tpl "{{ .Values.name | lower }}" . }}', "stack"],
	['{{ printf "%s-%d" (lower .Values.name) 3 | quote }}', '"stack-3"'],
	['{{ define "n" }}{{ .v }}!{{ end }}{{ include "n" .Values.map.a }}', "1!"],
	['{{ template "n" .Values.map.a }}', "1?"],
	["{{ if and .Values.name (eq .Values.name `Stack`) }}y{{ end }}", "y"],
	["{{ if or .Values.on (not .Values.on) }}y{{ end }}", "y"],
	["{{ .Values.map.a.missing | default 3 }}", "3"],
	["{{ range .Values.map }}{{ if .missing }}x{{ end }}{{ end }}", ""],
	["{{`{{ $labels.a }}`}}", "{{ $labels.a }}"],
])("%s", (text, expected) => {
	const helpers = ['{{ define "n" }}{{ .v }}?{{ end }}'];
	const { text: rendered, unknown } = render(text, helpers);
	expect({ rendered, unknown }).toEqual({ rendered: expected, unknown: [] });
});

test.each([
	["{{ .Values.other }}", "placeholder-other", 0],
	["{{ range .Other }}a{{ end }}b", "b", 1],
	['{{ exec "ls" }}', "placeholder-ls", 0],
	['{{ readFile "own.yaml" }}', "placeholder-own-yaml", 0],
	['{{ include "none" . }}', "placeholder-none", 0],
])("%s is not known, and said", (text, rendered, unread) => {
	const found = render(text);
	expect(found.unknown).toHaveLength(1);
	expect(found.unread).toHaveLength(unread);
	expect(found.text).toBe(rendered);
});

test("a template that calls itself ends", () => {
	expect(
		render('{{ define "a" }}x{{ include "a" . }}{{ end }}{{ include "a" . }}')
			.text,
	).toMatch(/^x+$/);
});
