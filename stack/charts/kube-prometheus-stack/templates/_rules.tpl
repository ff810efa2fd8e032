{{/*
Which key of defaultRules.rules, by the public chart's names, switches a group of rules/ on and off. Groups that are not
named here are about what the public chart has no rules for.
*/}}
{{- define "rules.switches" -}}
general.alerts: general
alertmanager.alerts: alertmanager
alertmanager.senders: prometheus
prometheus.alerts: prometheus
operator.alerts: prometheusOperator
workloads.alerts: kubernetesApps
workloads.storage: kubernetesStorage
workloads.nodes: kubernetesSystem
workloads.exporter: kubeStateMetrics
node-exporter.records: nodeExporterRecording
node-exporter.alerts: nodeExporterAlerting
kubelet.cpu: k8sContainerCpuUsageSecondsTotal
kubelet.memory: k8sContainerMemoryWorkingSetBytes
kubelet.alerts: kubernetesSystem
kubelet.storage: kubernetesStorage
api-server.requests: kubeApiserverAvailability
api-server.durations: kubeApiserverHistogram
api-server.alerts: kubernetesSystem
api-server.slos: kubeApiserverSlos
{{- end -}}

{{/* The groups of a file of rules/ that the values leave, with what they say of each rule: list $ "<the file's text>". */}}
{{- define "rules.groups" -}}
{{- $root := first . -}}
{{- $values := $root.Values.defaultRules -}}
{{- $switches := include "rules.switches" . | fromYaml -}}
{{- $groups := list -}}
{{- range (last . | fromYaml).groups -}}
{{- $switch := get $switches .name | default "" -}}
{{- if or (not $switch) (get $values.rules $switch) -}}
{{- $group := . -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- if not (and .alert (get $values.disabled .alert)) -}}
{{- $rules = append $rules (include "rules.rule" (list $root . $switch) | fromYaml) -}}
{{- end -}}
{{- end -}}
{{- with $rules -}}
{{- $groups = append $groups (set (deepCopy $group) "rules" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $groups }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{/*
A rule as the values change it: list $ <rule> "<the key that switches it>". Further labels replace those of the rule, and
its annotations replace further ones. Where a rule says `namespace=~".*"`, values may name the namespaces that it is about.
*/}}
{{- define "rules.rule" -}}
{{- $values := (first .).Values.defaultRules -}}
{{- $rule := index . 1 -}}
{{- $custom := get (first .).Values.customRules ($rule.alert | default "") | default dict -}}
{{- $labels := mergeOverwrite
  (dict) ($rule.labels | default dict) (pick $custom "severity")
  $values.additionalRuleLabels (get $values.additionalRuleGroupLabels (last .) | default dict) -}}
{{- $annotations := mergeOverwrite
  (dict) $values.additionalRuleAnnotations (get $values.additionalRuleGroupAnnotations (last .) | default dict)
  ($rule.annotations | default dict) -}}
{{- $namespaces := printf "namespace%s%q" $values.appNamespacesOperator $values.appNamespacesTarget -}}
{{- $all := eq $namespaces "namespace=~\".*\"" -}}
{{- $changed := dict
  "expr" ($rule.expr
    | replace ", namespace=~\".*\"" ($all | ternary "" (printf ", %s" $namespaces))
    | replace "fstype!=\"tmpfs\"" $values.node.fsSelector) -}}
{{- with $labels }}{{ $_ := set $changed "labels" . }}{{ end -}}
{{- if $rule.alert -}}
{{- $_ := set $changed "annotations" $annotations -}}
{{- if $values.runbookUrl -}}
{{- $page := printf "%s/%s" ($values.runbookUrl | trimSuffix "/") (lower $rule.alert) -}}
{{- $_ := set $changed "annotations" (merge (dict "runbook_url" $page) $annotations) -}}
{{- end -}}
{{- with $custom.for }}{{ $_ := set $changed "for" . }}{{ end -}}
{{- if and $rule.for $values.keepFiringFor }}{{ $_ := set $changed "keep_firing_for" $values.keepFiringFor }}{{ end -}}
{{- end -}}
{{- mergeOverwrite (deepCopy $rule) $changed | toYaml -}}
{{- end -}}
