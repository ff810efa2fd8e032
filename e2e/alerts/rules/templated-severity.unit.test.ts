import { expect, test } from "vitest";
import { listTemplateResults } from "./templated-severity.ts";

test.each([
	[
		"{{ if gt $value 0.97 }}Critical{{ else }}Warning{{ end }}",
		["Critical", "Warning"],
	],
	[
		"{{if gt $value 2.0}}critical{{else if gt $value 1.0}}warning{{else}}info{{end}}",
		["critical", "warning", "info"],
	],
	["{{ if gt $value 0.9 }}crit{{ end }}", ["crit"]],
	["{{ with $labels.tier }}Warning{{ end }}", ["Warning"]],
	[
		"{{- if gt $value 0.9 -}}\n  critical\n{{- else -}}\n  warning\n{{- end -}}\n",
		["critical", "warning"],
	],
	// Nothing takes this white space away: it is part of the label.
	["{{ if gt $value 0.9 }} critical {{ end }}", [" critical "]],
	['{{ if gt $value 0.9 }}{{ "Critical" }}{{ end }}', ["Critical"]],
	["{{/* by size */}}{{ $limit := 0.9 }}critical", ["critical"]],
	[
		'{{ if eq $labels.job "}}" }}{{ if gt $value 1.0 }}a{{ else }}b{{ end }}{{ else }}c{{ end }}',
		["a", "b", "c"],
	],
	["critical", ["critical"]],
])("%s gives %j", (template, results) => {
	expect(listTemplateResults(template)).toEqual(results);
});

test.each([
	"{{ $labels.severity }}",
	"{{ $labels.tier }}-critical",
	"{{ if gt $value 0.9 }}{{ $labels.severity }}{{ end }}",
	"{{ range query `up` }}Critical{{ end }}",
	"{{ if gt $value 0.9 }}Critical",
	"Critical{{ end }}",
	"{{ Critical",
	"{{ if true }}a{{ else }}b{{ end }}".repeat(9),
])("what %s gives is not known", (template) => {
	expect(listTemplateResults(template)).toEqual([]);
});

test("a branch that only an alert knows hides no other one", () => {
	expect(
		listTemplateResults(
			"{{ if $labels.level }}{{ $labels.level }}{{ else }}Warning{{ end }}",
		),
	).toEqual(["Warning"]);
});
