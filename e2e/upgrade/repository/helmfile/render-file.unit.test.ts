import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";

test("a template reads files beside it, and of releases that a loop makes the line is that of their name", () => {
	const found = findOneRelease({
		"hf/helmfile.yaml.gotmpl": `environments:
  default: { values: [{ stacks: { one: 80.0.0 } }] }
---
releases:
{{- range $name, $version := .Values.stacks }}
  - name: {{ $name }}
    chart: oci://registry.example.org/kube-prometheus-stack
    version: {{ $version }}
    values: [values/a.yaml.gotmpl]
{{- end }}
`,
		"hf/values/a.yaml.gotmpl":
			'{{ $own := readFile "own.yaml" | fromYaml }}\nsize: {{ $own.size }}\nretention: {{ .Values | get "retention" "5d" }}',
		"hf/values/own.yaml": { size: "5GB" },
	});
	expect(found).toMatchObject({
		name: "one",
		place: { file: "hf/helmfile.yaml.gotmpl", line: 6 },
		all: { size: "5GB", retention: "5d" },
		unknown: [],
	});
});
