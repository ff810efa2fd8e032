{{/* The spec of the Alertmanager resource: what this chart sets, then what the values pass on. */}}
{{- define "alertmanager.spec" -}}
{{- $spec := .Values.alertmanager.alertmanagerSpec -}}
{{- $translated := list
  "image" "externalUrl" "scheme" "tlsConfig"
  "podAntiAffinity" "podAntiAffinityTopologyKey"
  "useExistingSecret" "configSecret"
  "alertmanagerConfigSelector" "alertmanagerConfigNamespaceSelector"
  "additionalConfig" "additionalConfigString"
-}}
{{- $own := include "alertmanager.translated" . | fromYaml -}}
{{- $passed := include "stack.passedOn" (dict "spec" $spec "except" $translated) | fromYaml -}}
{{- $additional := include "stack.additionalConfig" (list . $spec) | fromYaml -}}
{{- mergeOverwrite $own $passed $additional | toYaml -}}
{{- end -}}

{{- define "alertmanager.translated" -}}
{{- $spec := .Values.alertmanager.alertmanagerSpec -}}
{{- $name := printf "%s-alertmanager" (include "stack.fullname" .) -}}
image: {{ include "stack.image" (list . $spec.image) }}
{{- with $spec.image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- with regexFind "^v?[0-9]+[.][0-9]+[.][0-9]+[^@]*" $spec.image.tag }}
version: {{ . }}
{{- end }}
serviceAccountName: {{ include "stack.accountName" (list .Values.alertmanager $name) }}
{{- include "stack.pullSecrets" (list . (list)) }}
externalUrl: {{ include "stack.externalUrl" (list . "alertmanager" $spec) }}
{{- with .Values.alertmanager.enableFeatures }}
enableFeatures:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $spec.useExistingSecret }}
configSecret: {{ $spec.configSecret }}
{{- end }}
alertmanagerConfigSelector:
  {{- $spec.alertmanagerConfigSelector | default dict | toYaml | nindent 2 }}
alertmanagerConfigNamespaceSelector:
  {{- $spec.alertmanagerConfigNamespaceSelector | default dict | toYaml | nindent 2 }}
{{- with include "stack.antiAffinity" (dict "spec" $spec "labels" (include "alertmanager.podLabels" . | fromYaml)) }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The labels that the operator sets on the pods. */}}
{{- define "alertmanager.podLabels" -}}
app.kubernetes.io/name: alertmanager
app.kubernetes.io/instance: {{ include "stack.resource" (list . "alertmanager") }}
{{- end -}}
