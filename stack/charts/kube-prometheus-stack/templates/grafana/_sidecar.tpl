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
    value: {{ $own.watchMethod }}
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
    value: {{ $own.resource }}
  {{- with $own.searchNamespace }}
  - name: NAMESPACE
    value: {{ kindIs "slice" . | ternary (. | join ",") . | quote }}
  {{- end }}
  - name: UNIQUE_FILENAMES
    value: {{ $grafana.sidecar.enableUniqueFilenames | quote }}
  {{- if $grafana.sidecar.skipTlsVerify }}
  - name: SKIP_TLS_VERIFY
    value: "true"
  {{- end }}
  {{- with $own.defaultFolderName }}
  - name: DEFAULT_FOLDER_NAME
    value: {{ . | quote }}
  {{- end }}
  {{- range $name, $value := $own.env }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  - name: LOG_LEVEL
    value: {{ $grafana.sidecar.logLevel }}
  - name: REQ_URL
    value: http://localhost:3000/api/admin/provisioning/{{ $what }}/reload
  - name: REQ_METHOD
    value: POST
  {{- include "grafana.credential" (list $root "user" "REQ_USERNAME") | nindent 2 }}
  {{- include "grafana.credential" (list $root "password" "REQ_PASSWORD") | nindent 2 }}
{{- with $grafana.sidecar.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $probe := list "readinessProbe" "livenessProbe" }}
{{- with get $grafana.sidecar $probe }}
{{ $probe }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $grafana.sidecar.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: {{ $what }}
    mountPath: {{ last . }}
{{- end -}}

{{/* The admin's name or password as an environment variable: list $ "user" or "password" "<variable>". */}}
{{- define "grafana.credential" -}}
{{- $root := first . -}}
{{- $what := index . 1 -}}
{{- $admin := $root.Values.grafana.admin -}}
- name: {{ last . }}
  valueFrom:
    secretKeyRef:
      name: {{ $admin.existingSecret | default (include "stack.grafana" $root) }}
      key: {{ if $admin.existingSecret }}{{ ternary $admin.userKey $admin.passwordKey (eq $what "user") }}{{ else }}admin-{{ $what }}{{ end }}
{{- end -}}
