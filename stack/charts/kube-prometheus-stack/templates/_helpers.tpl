{{/* The names of release and chart, cut to 26 characters: release `monitoring` gives `monitoring-kube-prometheus`. */}}
{{- define "stack.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- .Values.fullnameOverride | default $full | trunc 26 | trimSuffix "-" -}}
{{- end -}}

{{- define "stack.kubeStateMetrics" -}}
{{- printf "%s-kube-state-metrics" .Release.Name | trunc 63 -}}
{{- end -}}

{{- define "stack.nodeExporter" -}}
{{- printf "%s-prometheus-node-exporter" .Release.Name | trunc 63 -}}
{{- end -}}

{{- define "stack.grafana" -}}
{{- printf "%s-grafana" .Release.Name | trunc 63 -}}
{{- end -}}

{{/* The labels that select a component's objects: list $ "<component>". */}}
{{- define "stack.selector" -}}
{{- $root := first . -}}
app.kubernetes.io/name: {{ last . }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- end -}}

{{/* The labels of every object: list $ "<component>". Prometheus looks for `release`. */}}
{{- define "stack.labels" -}}
{{- $root := first . -}}
{{ include "stack.selector" . }}
app.kubernetes.io/part-of: kube-prometheus-stack
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
release: {{ $root.Release.Name }}
{{- end -}}

{{/* An image's reference: list $ <image>. */}}
{{- define "stack.image" -}}
{{- $root := first . -}}
{{- $image := last . -}}
{{- $registry := $root.Values.global.imageRegistry | default $image.registry -}}
{{- with $registry }}{{ . }}/{{ end }}{{ $image.repository }}:{{ $image.tag }}
{{- end -}}

{{/* A monitor's limits; 0 means that there is none. */}}
{{- define "stack.scrapeLimits" -}}
{{- range $key := list "sampleLimit" "targetLimit" "labelLimit" }}
{{- with get $ $key }}
{{ $key }}: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where a pod may run and what it may use, as each component's values say. */}}
{{- define "stack.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The security context of every container that this chart runs itself. */}}
{{- define "stack.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/*
A spec of the values as the custom resource takes it: `spec` without the keys that need translation (`except`) and without
empty ones. As in the public chart, a limit of 0 or false means that there is no limit.
*/}}
{{- define "stack.passedOn" -}}
{{- $passed := dict -}}
{{- range $key, $value := .spec -}}
{{- $says := or $value (has (kindOf $value) (list "bool" "int" "int64" "float64")) -}}
{{- $limit := or (hasPrefix "enforced" $key) (has $key (list "maximumStartupDurationSeconds" "queryLogFile")) -}}
{{- if and $says (or $value (not $limit)) (not (has $key $.except)) -}}
{{- $_ := set $passed $key $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $passed -}}
{{- end -}}

{{/* `podAntiAffinity: soft | hard` of a spec, for the pods of one custom resource: dict "spec" "labels". */}}
{{- define "stack.antiAffinity" -}}
{{- $term := dict "topologyKey" .spec.podAntiAffinityTopologyKey "labelSelector" (dict "matchLabels" .labels) -}}
{{- if eq .spec.podAntiAffinity "hard" -}}
podAntiAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - {{- toYaml $term | nindent 6 }}
{{- else if eq .spec.podAntiAffinity "soft" -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        {{- toYaml $term | nindent 8 }}
{{- end -}}
{{- end -}}

{{/* A spec's additionalConfig (a map) and additionalConfigString (a template), as one map: list $ <spec>. */}}
{{- define "stack.additionalConfig" -}}
{{- $root := first . -}}
{{- $spec := last . -}}
{{- $string := tpl ($spec.additionalConfigString | default "") $root | fromYaml -}}
{{- mergeOverwrite (deepCopy ($spec.additionalConfig | default dict)) $string | toYaml -}}
{{- end -}}

{{/* Which components there are, as JSON: each may have a file in rules/, and one in dashboards/. */}}
{{- define "stack.components" -}}
{{- $thanos := .Values.prometheus.prometheusSpec.thanos | default dict -}}
{{- dict
  "general" true
  "alerts" .Values.prometheus.enabled
  "prometheus" .Values.prometheus.enabled
  "thanos-sidecar" (and $thanos.objectStorageConfig .Values.prometheus.thanosService.enabled .Values.prometheus.thanosServiceMonitor.enabled)
  "alertmanager" .Values.alertmanager.enabled
  "operator" .Values.prometheusOperator.enabled
  "workloads" .Values.kubeStateMetrics.enabled
  "node-exporter" .Values.nodeExporter.enabled
  "kubelet" .Values.kubelet.enabled
  "api-server" .Values.kubeApiServer.enabled
  "core-dns" .Values.coreDns.enabled
  | toJson -}}
{{- end -}}
