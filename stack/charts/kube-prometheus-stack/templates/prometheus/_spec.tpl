{{/*
The spec of the Prometheus resource: what this chart sets, then what the values pass on. Its own alerting and storage are not
passed on, as by the public chart, whose keys are alertingEndpoints and storageSpec.
*/}}
{{- define "prometheus.spec" -}}
{{- $spec := .Values.prometheus.prometheusSpec -}}
{{- $translated := list
  "image" "storageSpec" "thanos" "externalUrl"
  "podAntiAffinity" "podAntiAffinityTopologyKey"
  "alertingEndpoints" "alerting" "storage"
  "arbitraryFSAccessThroughSMs"
  "replicaExternalLabelNameClear" "prometheusExternalLabelNameClear"
  "additionalRemoteRead" "additionalRemoteWrite" "remoteRead" "remoteWrite" "remoteWriteDashboards"
  "additionalScrapeConfigs" "additionalScrapeConfigsSecret"
  "additionalAlertManagerConfigs" "additionalAlertManagerConfigsSecret"
  "additionalAlertRelabelConfigs" "additionalAlertRelabelConfigsSecret"
  "additionalPrometheusSecretsAnnotations"
  "additionalConfig" "additionalConfigString"
-}}
{{- range list "rule" "serviceMonitor" "podMonitor" "probe" "scrapeConfig" -}}
{{- $translated = concat $translated
  (list (printf "%sSelector" .) (printf "%sSelectorNilUsesHelmValues" .) (printf "%sNamespaceSelector" .)) -}}
{{- end -}}
{{- $own := include "prometheus.translated" . | fromYaml -}}
{{- $passed := include "stack.passedOn" (dict "spec" $spec "except" $translated) | fromYaml -}}
{{- $additional := include "stack.additionalConfig" (list . $spec) | fromYaml -}}
{{- mergeOverwrite $own $passed $additional | toYaml -}}
{{- end -}}

{{- define "prometheus.translated" -}}
{{- $spec := .Values.prometheus.prometheusSpec -}}
{{- $name := printf "%s-prometheus" (include "stack.fullname" .) -}}
image: {{ include "stack.image" (list . $spec.image) }}
{{- with $spec.image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- with regexFind "^v?[0-9]+[.][0-9]+[.][0-9]+[^@]*" $spec.image.tag }}
version: {{ . }}
{{- end }}
serviceAccountName: {{ include "stack.accountName" (list .Values.prometheus $name) }}
{{- include "stack.pullSecrets" (list . (list)) }}
externalUrl: {{ include "stack.externalUrl" (list . "prometheus" $spec) }}
{{- with $spec.storageSpec }}
storage:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "prometheus.alerting" . }}
alerting:
  alertmanagers:
    {{- . | nindent 4 }}
{{- end }}
{{- with $spec.thanos }}
thanos:
  {{- include "prometheus.thanos" $ | nindent 2 }}
{{- end }}
{{- range list "rule" "serviceMonitor" "podMonitor" "probe" "scrapeConfig" }}
{{ . }}Selector:
  {{- if get $spec (printf "%sSelector" .) }}
  {{- get $spec (printf "%sSelector" .) | toYaml | nindent 2 }}
  {{- else if get $spec (printf "%sSelectorNilUsesHelmValues" .) }}
  matchLabels:
    release: {{ $.Release.Name }}
  {{- else }} {}
  {{- end }}
{{ . }}NamespaceSelector:
  {{- get $spec (printf "%sNamespaceSelector" .) | default dict | toYaml | nindent 2 }}
{{- end }}
{{- with $spec.arbitraryFSAccessThroughSMs }}
arbitraryFSAccessThroughSMs:
  {{- kindIs "bool" . | ternary (dict "deny" .) . | toYaml | nindent 2 }}
{{- end }}
{{- range list "replicaExternalLabelName" "prometheusExternalLabelName" }}
{{- if get $spec (printf "%sClear" .) }}
{{ . }}: ""
{{- end }}
{{- end }}
{{- with concat ($spec.remoteRead | default list) ($spec.additionalRemoteRead | default list) }}
remoteRead:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with concat ($spec.remoteWrite | default list) ($spec.additionalRemoteWrite | default list) }}
remoteWrite:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range list "additionalScrapeConfigs" "additionalAlertManagerConfigs" "additionalAlertRelabelConfigs" }}
{{- if get $spec . }}
{{ . }}:
  name: {{ $name }}-additional
  key: {{ . }}.yaml
{{- else if dig (printf "%sSecret" .) "enabled" false $spec }}
{{ . }}:
  {{- omit (get $spec (printf "%sSecret" .)) "enabled" | toYaml | nindent 2 }}
{{- end }}
{{- end }}
{{- with include "stack.antiAffinity" (dict "spec" $spec "labels" (include "prometheus.podLabels" . | fromYaml)) }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The labels that the operator sets on the pods. */}}
{{- define "prometheus.podLabels" -}}
app.kubernetes.io/name: prometheus
app.kubernetes.io/instance: {{ include "stack.resource" (list . "prometheus") }}
{{- end -}}

{{- define "prometheus.alerting" -}}
{{- $alertmanager := .Values.alertmanager.alertmanagerSpec -}}
{{- with .Values.prometheus.prometheusSpec.alertingEndpoints -}}
{{- toYaml . -}}
{{- else -}}
{{- if .Values.alertmanager.enabled -}}
- namespace: {{ .Release.Namespace }}
  name: {{ include "stack.fullname" . }}-alertmanager
  port: {{ $alertmanager.portName }}
  pathPrefix: {{ $alertmanager.routePrefix }}
  apiVersion: v2
  {{- with $alertmanager.scheme }}
  scheme: {{ . }}
  {{- end }}
  {{- with $alertmanager.tlsConfig }}
  tlsConfig:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* objectStorageConfig names a Secret: the user's (existingSecret), or the one that is made from `secret`. */}}
{{- define "prometheus.thanos" -}}
{{- $thanos := .Values.prometheus.prometheusSpec.thanos -}}
{{- $storage := $thanos.objectStorageConfig | default dict -}}
image: {{ $thanos.image | default (include "stack.image" (list . .Values.prometheusOperator.thanosImage)) }}
{{- with $storage.existingSecret }}
objectStorageConfig:
  name: {{ .name }}
  key: {{ .key }}
{{- else }}
{{- with $storage.secret }}
objectStorageConfig:
  name: {{ include "stack.fullname" $ }}-prometheus-objstore
  key: objstore.yml
{{- end }}
{{- end }}
{{- with include "stack.passedOn" (dict "spec" $thanos "except" (list "image" "objectStorageConfig")) | fromYaml }}
{{ toYaml . }}
{{- end }}
{{- end -}}
