{{/* A sidecar that writes labelled objects into a folder and makes Grafana reload it: list $ "<what>" "<folder>". */}}
{{- define "grafana.sidecar" -}}
{{- $root := first . -}}
{{- $what := index . 1 -}}
{{- $grafana := $root.Values.grafana -}}
{{- $own := get $grafana.sidecar $what -}}
name: grafana-sc-{{ $what }}
image: {{ include "stack.image" (list $root $grafana.sidecar.image) }}
imagePullPolicy: {{ $grafana.sidecar.imagePullPolicy }}
env:
  - name: METHOD
    value: WATCH
  - name: LABEL
    value: {{ $own.label | quote }}
  {{- with $own.labelValue }}
  - name: LABEL_VALUE
    value: {{ . | quote }}
  {{- end }}
  - name: FOLDER
    value: {{ last . }}
  {{- with $own.folderAnnotation }}
  - name: FOLDER_ANNOTATION
    value: {{ . | quote }}
  {{- end }}
  - name: RESOURCE
    value: both
  {{- with $own.searchNamespace }}
  - name: NAMESPACE
    value: {{ kindIs "slice" . | ternary (. | join ",") . | quote }}
  {{- end }}
  - name: REQ_URL
    value: http://localhost:3000/api/admin/provisioning/{{ $what }}/reload
  - name: REQ_METHOD
    value: POST
  {{- include "grafana.credentials" (list $root "REQ_USERNAME" "REQ_PASSWORD") | nindent 2 }}
{{- with $grafana.sidecar.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  allowPrivilegeEscalation: false
  capabilities:
    drop: [ALL]
  seccompProfile:
    type: RuntimeDefault
volumeMounts:
  - name: {{ $what }}
    mountPath: {{ last . }}
{{- end -}}

{{/* The admin's name and password as environment variables: list $ "<name>" "<password>". */}}
{{- define "grafana.credentials" -}}
{{- $root := first . -}}
{{- $admin := $root.Values.grafana.admin -}}
{{- $keys := list "admin-user" "admin-password" -}}
{{- if $admin.existingSecret -}}
{{- $keys = list $admin.userKey $admin.passwordKey -}}
{{- end -}}
{{- range $i, $variable := rest . -}}
- name: {{ $variable }}
  valueFrom:
    secretKeyRef:
      name: {{ $admin.existingSecret | default (include "stack.grafana" $root) }}
      key: {{ index $keys $i }}
{{ end -}}
{{- end -}}
