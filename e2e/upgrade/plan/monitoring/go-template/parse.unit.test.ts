import { expect, test } from "vitest";
import { ofAlertmanager } from "./functions.ts";
import { templateErrorIn } from "./parse.ts";

test.each([
	"no template",
	"{{ $labels.instance }} is at {{ $value | humanizePercentage }}",
	'{{ if eq $labels.a "x" }}a{{ else }}b{{ end }}',
	"{{ with query \"up{a='b'}\" }}{{ . | first | value }}{{ end }}",
	'{{ range $i, $e := query "x" }}{{ $e.Value }}{{ end }}',
	"{{`{{ x }}`}}",
	'{{- printf "%.2f" ($value) -}}',
	'{{ "}}" }}',
	"{{ $value | humanize | }}",
	"{{- /* a comment }} */ -}}",
	"{{ if $value }}a{{ else if $labels.b }}b{{ else }}c{{ end }}",
	"{{ range query `x` }}{{ .Labels.a }}{{ break }}{{ else }}b{{ end }}",
	"{{ $a := 1.5e+3 }}{{ $a = -1 }}{{ $a }}",
	'{{ define "a" }}{{ . }}{{ end }}{{ template "a" . }}{{ template "b" }}',
	'{{ (index $labels "a").b }} {{ (query "x" | first).Value }}',
	"{{ $externalLabels.a }}{{ $externalURL }}{{ $ }}",
	"{{ not (and (eq $value 1.0) true) }}",
	"}} is only text",
	"{{ if $a := 1 }}{{ $b := 2 }}{{ else }}{{ $a }}{{ end }}",
])("%s parses", (text) => {
	expect(templateErrorIn(text)).toBeUndefined();
});

test.each([
	["{{ $labels.a", "not closed"],
	["{{ $labels.a }", "not closed"],
	['{{ if eq $labels.a "x" }}a', "has no end"],
	["{{ end }}", "ends nothing"],
	["{{ else }}", "belongs to nothing"],
	["{{ $value | humanise }}", "no function humanise"],
	["{{ ($value }}", "bracket is not closed"],
	["{{ }}", "empty"],
	["{{ $lables.x }}", "no variable $lables"],
	["{{ if $a := 1 }}{{ end }}{{ $a }}", "no variable $a"],
	['{{ define "a" }}{{ $labels.a }}{{ end }}', "no variable $labels"],
	["{{ if }}a{{ end }}", "lacks its value"],
	["{{ $value > 1 }}", "unexpected >"],
	['{{ $labels.a == "b" }}', "unexpected ="],
	['{{ $labels["a"] }}', "unexpected ["],
	["{{ printf %.2f $value }}", "unexpected %"],
	["{{ if true }}a{{ else }}b{{ else }}c{{ end }}", "does not belong"],
	["{{ $value | | humanize }}", "nothing between"],
	['{{ $value | "a" }}', "cannot take"],
	["{{ $value) }}", "brackets"],
	["{{ 1a }}", "no number"],
	["{{ $value | true }}", "cannot take"],
	["{{ nil.a }}", "unexpected .a"],
	['{{ if true }}{{ define "a" }}{{ end }}{{ end }}', "another block"],
	["{{ break }}", "in no range"],
	["{{ template a }}", "name in quotes"],
	["{{ else foo }}", "belongs to nothing"],
	["{{ if true }}{{ else foo }}{{ end }}", "unexpected foo"],
	['{{ "a }}', "not closed"],
])("%s does not: %s", (text, expected) => {
	expect(templateErrorIn(text)).toContain(expected);
});

test("the functions of Alertmanager are others", () => {
	expect(templateErrorIn("{{ trimSpace .a }}", ofAlertmanager)).toBeUndefined();
	expect(templateErrorIn("{{ humanize .a }}", ofAlertmanager)).toContain(
		"no function humanize",
	);
	expect(templateErrorIn("{{ $labels.a }}", ofAlertmanager)).toContain(
		"no variable $labels",
	);
});
