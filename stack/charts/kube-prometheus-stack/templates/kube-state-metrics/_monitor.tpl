{{/* How an endpoint is asked, if its own values say nothing else: list <monitor> <values of the endpoint>. */}}
{{- define "objects.asked" -}}
{{- $monitor := first . -}}
{{- $own := last . -}}
honorLabels: {{ or $own.honorLabels $monitor.honorLabels }}
{{- range $key, $value := $own }}
{{- with $value }}{{ $monitor = set (deepCopy $monitor) $key . }}{{ end }}
{{- end }}
{{- include "stack.asked" $monitor }}
{{- end -}}
