import { expect, test } from "vitest";
import { templateErrorIn } from "./go-template.ts";

test.each([
	"no template",
	"{{ $labels.instance }} is at {{ $value | humanizePercentage }}",
	'{{ if eq $labels.a "x" }}a{{ else }}b{{ end }}',
	"{{ with query \"up{a='b'}\" }}{{ . | first | value }}{{ end }}",
	'{{ range $i, $e := query "x" }}{{ $e.Value }}{{ end }}',
	"{{`{{ x }}`}}",
	'{{- printf "%.2f" ($value) -}}',
	'{{ "}}" }}',
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
	["{{ ($value }}", "brackets"],
	["{{ }}", "empty"],
])("%s does not: %s", (text, expected) => {
	expect(templateErrorIn(text)).toContain(expected);
});
