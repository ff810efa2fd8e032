{{/* The names of release and chart, cut to 26 characters: release `monitoring` gives `monitoring-kube-prometheus`. */}}
{{- define "stack.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- .Values.fullnameOverride | default $full | trunc 26 | trimSuffix "-" -}}
{{- end -}}

{{- define "stack.kubeStateMetrics" -}}
{{- include "stack.exporter" (list . "kube-state-metrics") -}}
{{- end -}}

{{- define "stack.nodeExporter" -}}
{{- include "stack.exporter" (list . "prometheus-node-exporter") -}}
{{- end -}}

{{- define "stack.grafana" -}}
{{- include "stack.exporter" (list . "grafana") -}}
{{- end -}}

{{/* The name of the objects of what is a chart of its own in the public chart: list $ "<its key>". */}}
{{- define "stack.exporter" -}}
{{- $root := first . -}}
{{- $own := get $root.Values (last .) -}}
{{- $own.fullnameOverride | default (printf "%s-%s" $root.Release.Name (last .)) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "stack.operator" -}}
{{- $full := printf "%s-operator" (include "stack.fullname" .) -}}
{{- .Values.prometheusOperator.fullnameOverride | default $full | trunc 35 | trimSuffix "-" -}}
{{- end -}}

{{/*
The name of a custom resource, which the operator gives to the pods: list $ "prometheus". With clean names, a Prometheus
and an Alertmanager have the same one; Services and all else keep the component's name at the end.
*/}}
{{- define "stack.resource" -}}
{{- $root := first . -}}
{{- include "stack.fullname" $root -}}
{{- if not $root.Values.cleanPrometheusOperatorObjectNames }}-{{ last . }}{{ end -}}
{{- end -}}

{{/* The labels that select a component's objects: list $ "<component>". */}}
{{- define "stack.selector" -}}
{{- $root := first . -}}
app.kubernetes.io/name: {{ last . }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- end -}}

{{/*
The labels of every object: list $ "<component>". Prometheus looks for `release`. As in the public chart, commonLabels are
not those of the exporters and of Grafana, which have a key of their own for it.
*/}}
{{- define "stack.labels" -}}
{{- $root := first . -}}
{{- $values := $root.Values -}}
{{- $ofItsOwn := dict
  "grafana" $values.grafana.extraLabels
  "kube-state-metrics" (index $values "kube-state-metrics").customLabels
  "node-exporter" (index $values "prometheus-node-exporter").commonLabels
-}}
{{- $more := hasKey $ofItsOwn (last .) | ternary (get $ofItsOwn (last .)) $values.commonLabels -}}
{{- $labels := dict
  "app.kubernetes.io/part-of" "kube-prometheus-stack"
  "app.kubernetes.io/managed-by" $root.Release.Service
  "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version)
  "release" $root.Release.Name
-}}
{{- mergeOverwrite $labels ($more | default dict) (include "stack.selector" . | fromYaml) | toYaml -}}
{{- end -}}

{{/* An image's reference: list $ <image>. Of those whose tag values leave empty, this chart's version. */}}
{{- define "stack.image" -}}
{{- $root := first . -}}
{{- $image := last . -}}
{{- $tags := dict
  "prometheus-operator" "v0.85.0" "prometheus-config-reloader" "v0.85.0"
  "kube-state-metrics" "v2.15.0" "node-exporter" "v1.9.1"
  "grafana" "12.1.1" "grafana-oss" "12.1.1" "grafana-enterprise" "12.1.1"
-}}
{{- $tag := $image.tag | default (get $tags (base $image.repository)) -}}
{{- $registry := $root.Values.global.imageRegistry | default $image.registry -}}
{{- $digest := $image.digest | default (empty $image.sha | ternary "" (printf "sha256:%s" $image.sha)) -}}
{{- with $registry }}{{ . }}/{{ end }}{{ $image.repository }}:{{ $tag }}{{ with $digest }}@{{ . }}{{ end }}
{{- end -}}

{{/* What a monitor's values say of all that it finds. A limit of 0 means that there is none. */}}
{{- define "stack.found" -}}
{{- $keys := list
  "sampleLimit" "targetLimit" "labelLimit" "labelNameLengthLimit" "labelValueLengthLimit"
  "targetLabels" "podTargetLabels" "attachMetadata"
-}}
{{- include "stack.given" (list . $keys) -}}
{{- end -}}

{{/* How a monitor's values have an endpoint asked. What they leave empty is Prometheus' own. */}}
{{- define "stack.asked" -}}
{{- $keys := list
  "interval" "scrapeTimeout" "proxyUrl" "scheme" "tlsConfig" "bearerTokenFile" "basicAuth"
  "relabelings" "metricRelabelings"
-}}
{{- include "stack.given" (list . $keys) -}}
{{- end -}}

{{/* Some keys of a map, as far as they are not empty: list <map> <keys>. */}}
{{- define "stack.given" -}}
{{- $map := first . -}}
{{- range $key := last . }}
{{- with get $map $key }}
{{ dict $key . | toYaml }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where a pod may run and what it finds there, as each component's values say. */}}
{{- define "stack.placement" -}}
{{- $keys := list "hostAliases" "dnsPolicy" "dnsConfig" "terminationGracePeriodSeconds" "shareProcessNamespace" -}}
{{- include "stack.given" (list . $keys) -}}
{{- if hasKey . "enableServiceLinks" }}
enableServiceLinks: {{ .enableServiceLinks }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
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
{{- with .topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The Secrets with which images are pulled, each a name or an object: list $ <a component's own>. */}}
{{- define "stack.pullSecrets" -}}
{{- $names := list -}}
{{- range concat (first .).Values.global.imagePullSecrets (last . | default list) -}}
{{- $names = append $names (kindIs "string" . | ternary (dict "name" .) .) -}}
{{- end -}}
{{- with $names | uniq }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* When a probe asks, as this chart says and the values: list <values> <this chart's>. */}}
{{- define "stack.probe" -}}
{{- with mergeOverwrite (last .) (omit (first . | default dict) "enabled" "httpGet") }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{/* The name of a component's ServiceAccount: list <values> <its own name>. */}}
{{- define "stack.accountName" -}}
{{- (first .).serviceAccount.name | default (last .) -}}
{{- end -}}

{{/* Annotations of a component's ServiceAccount, with its key. */}}
{{- define "stack.account" -}}
{{- with .serviceAccount.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A Secret that the values contain: dict "root" "name" "component" "secret". */}}
{{- define "stack.extraSecret" -}}
{{- if .secret.data }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .secret.name | default .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "stack.labels" (list .root .component) | nindent 4 }}
  {{- with .secret.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
data:
  {{- range $key, $text := .secret.data }}
  {{ $key }}: {{ $text | b64enc }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Labels and annotations of a workload, or of its pods: list $ "<component>" <labels> <annotations>. */}}
{{- define "stack.described" -}}
labels:
  {{- include "stack.labels" (slice . 0 2) | nindent 2 }}
  {{- with index . 2 }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with index . 3 }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
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
