{{/* How a Service is reached, as its values say. What is left empty is as Kubernetes has it. */}}
{{- define "stack.reached" -}}
{{- $reached := dict -}}
{{- if ne .type "ClusterIP" }}{{ $_ := set $reached "type" .type }}{{ end -}}
{{- range $key := list
  "clusterIP" "externalIPs" "externalTrafficPolicy" "publishNotReadyAddresses"
  "loadBalancerIP" "loadBalancerClass" "loadBalancerSourceRanges"
-}}
{{- with get $ $key }}{{ $_ := set $reached $key . }}{{ end -}}
{{- end -}}
{{- with .sessionAffinity }}{{ $_ := set $reached "sessionAffinity" . }}{{ end -}}
{{- if eq (.sessionAffinity | default "") "ClientIP" -}}
{{- with .sessionAffinityConfig }}{{ $_ := set $reached "sessionAffinityConfig" . }}{{ end -}}
{{- end -}}
{{- with $reached }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{/* An Ingress to a Service of the same name: dict "root" "name" "component" "ingress" "paths" "pathType" "port". */}}
{{- define "stack.ingress" -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "stack.labels" (list .root .component) | nindent 4 }}
    {{- with .ingress.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .ingress.annotations }}
  annotations:
    {{- tpl (toYaml .) $.root | nindent 4 }}
  {{- end }}
spec:
  {{- with .ingress.ingressClassName }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .ingress.tls }}
  tls:
    {{- tpl (toYaml .) $.root | nindent 4 }}
  {{- end }}
  rules:
    {{- range .ingress.hosts | default (list "") }}
    - http:
        paths:
          {{- range $.paths }}
          {{- with $.ingress.extraPaths }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
          - path: {{ tpl . $.root }}
            pathType: {{ $.ingress.pathType | default $.pathType }}
            backend:
              service:
                name: {{ $.name }}
                port:
                  number: {{ $.port }}
          {{- end }}
      {{- with . }}
      host: {{ tpl . $.root | quote }}
      {{- end }}
    {{- end }}
{{- end -}}

{{/* A PodDisruptionBudget: dict "root" "name" "component" "budget" "labels". */}}
{{- define "stack.budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "stack.labels" (list .root .component) | nindent 4 }}
spec:
  {{- range $key := list "minAvailable" "maxUnavailable" }}
  {{- with get $.budget $key }}
  {{ $key }}: {{ . }}
  {{- end }}
  {{- end }}
  selector:
    matchLabels:
      {{- .labels | nindent 6 }}
{{- end -}}

{{/*
Where people find a custom resource's pages: what its spec says, or else the first host of its Ingress, or its Service:
list $ "prometheus" <spec>.
*/}}
{{- define "stack.externalUrl" -}}
{{- $root := first . -}}
{{- $spec := last . -}}
{{- $component := get $root.Values (index . 1) -}}
{{- if $spec.externalUrl -}}
{{- tpl $spec.externalUrl $root -}}
{{- else if and $component.ingress.enabled $component.ingress.hosts -}}
http://{{ tpl (first $component.ingress.hosts) $root }}{{ $spec.routePrefix }}
{{- else -}}
http://{{ include "stack.fullname" $root }}-{{ index . 1 }}.{{ $root.Release.Namespace }}:{{ $component.service.port }}
{{- end -}}
{{- end -}}
