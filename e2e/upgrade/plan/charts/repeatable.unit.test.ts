import { expect, test } from "vitest";
import { isRepeatable } from "./repeatable.ts";

test.each([
	"password: {{ randAlphaNum 20 | b64enc }}",
	'{{- $ca := genCA "ca" 365 }}',
	'{{ genSignedCert "a" nil nil 1 $ca }}',
	"at: {{ now | unixEpoch }}",
	"{{ .Values.a | bcrypt }}",
	"{{ range keys .Values.labels }}{{ . }}{{ end }}",
	"{{ (values $map) | join }}",
	'{{ list "a"\n| shuffle }}',
	'{{ lookup "v1" "Secret" "a" "b" }}',
	"{{/* a comment */}}{{ uuidv4 }}",
])("rendered again, this may differ: %s", (text) => {
	expect(isRepeatable(["plain", text])).toBe(false);
});

test.each([
	"",
	"now: {{ .Values.now }}",
	"{{/* The keys of values, as they are now. */}}",
	"{{- /* values */ -}}",
	'{{ $keys := list "keys" "now" }}{{ .Values.keys | toYaml }}',
	"{{ include (print $name) . | nindent 2 }} env date values",
	"legend: '{{instance}}'",
])("rendered again, this is the same: %s", (text) => {
	expect(isRepeatable([text])).toBe(true);
});
