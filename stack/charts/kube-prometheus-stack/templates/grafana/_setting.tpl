{{/* What follows = in grafana.ini: a text with its templates rendered, a list as JSON, and nothing for null: list $ <value>. */}}
{{- define "grafana.setting" -}}
{{- $value := last . -}}
{{- if kindIs "string" $value -}}
{{- $value = tpl $value (first .) -}}
{{- else if kindIs "slice" $value -}}
{{- $value = toJson $value -}}
{{- end -}}
{{- if not (kindIs "invalid" $value) }} {{ $value }}{{ end -}}
{{- end -}}
