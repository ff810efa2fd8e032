/**
 * What a reason does to the verdict: a `note` does nothing, a `review` is for a person to decide, `unsafe` loses data,
 * targets, alerts or access, or fails halfway.
 */
export const dangers = ["note", "review", "unsafe"] as const;
export type Danger = (typeof dangers)[number];

interface Kind {
	readonly danger: Danger;
	/** What the person can do about it. */
	readonly wayOut: string;
}

const kind = (danger: Danger, wayOut: string): Kind => ({ danger, wayOut });

/** Every reason that a verdict can have. */
export const kinds = {
	"known-fact": kind("review", "Read the source that the reason names."),
	downgrade: kind(
		"review",
		"Read the release notes of every version in between; an older version may not read data that a newer one wrote.",
	),
	"kubernetes-refused": kind("unsafe", "Upgrade Kubernetes first."),
	"kubernetes-constraint-changed": kind(
		"note",
		"Compare them with `kubectl version`; set the version of your cluster with --kube-version.",
	),
	"values-refused": kind("unsafe", "Change the values that the message names."),
	"render-fails": kind(
		"unsafe",
		"Change the values that the message names; helm upgrade would fail with the same message, before it changes anything.",
	),
	"value-no-longer-read": kind(
		"review",
		"Move it to the key that the new chart reads, or delete it.",
	),
	"value-never-read": kind("note", "Delete it, or correct its spelling."),
	"default-changed": kind(
		"review",
		"Set it in your values, to the old default or to what you want.",
	),
	"image-changed": kind("note", "None needed."),
	"image-minor-of-0-changed": kind(
		"note",
		"Before 1.0 a minor version may change as much as a major one: read its release notes.",
	),
	"image-registry-doubled": kind(
		"unsafe",
		"Split the reference: image.registry for the registry, image.repository for the rest. Until then the pull fails.",
	),
	"image-major-changed": kind(
		"review",
		"Read the release notes of the image's software.",
	),
	"image-variant-changed": kind(
		"review",
		"A distroless image has no shell to exec into; mirrors need the new tag.",
	),
	"image-downgraded": kind(
		"review",
		"Check that the older version reads what the newer one wrote.",
	),
	"image-moved": kind(
		"review",
		"Add the new place to mirrors, pull secrets and allow lists.",
	),
	"image-missing": kind(
		"unsafe",
		"Check the reference, the mirror and your login: until then the pull fails, and the old pods may be gone.",
	),
	"image-unchecked": kind(
		"note",
		"Pull it once from a node, or ask again with a registry that answers.",
	),
	"image-added": kind("note", "Mirror it, if you use a mirror."),
	"crds-changed": kind(
		"note",
		"Apply the new chart's CRDs before the upgrade; the commands are in the report.",
	),
	"crds-left-behind": kind(
		"review",
		"Move what applies the CRDs in the same change, before the chart.",
	),
	"crds-applied-twice": kind(
		"review",
		"Let only one of them apply the CRDs. Before you remove the other, annotate the CRDs with helm.sh/resource-policy: keep.",
	),
	"crds-source-gone": kind(
		"review",
		"Annotate the CRDs with helm.sh/resource-policy: keep in a change before, or leave the old one in place without pruning.",
	),
	"crds-pruned": kind(
		"unsafe",
		"Annotate the CRDs in the cluster with argocd.argoproj.io/sync-options: Prune=false before the sync.",
	),
	"crds-job-conflicts": kind(
		"review",
		"Set crds.upgradeJob.forceConflicts: true (since chart 69.1.0), or apply the CRDs by kubectl apply --server-side --force-conflicts first.",
	),
	"crds-needed-first": kind(
		"review",
		"Apply the new chart's CRDs before the upgrade; otherwise the API server drops those fields without an error.",
	),
	"crd-gone": kind(
		"review",
		"Check whether anything still handles objects of this kind.",
	),
	"crd-version-gone": kind(
		"unsafe",
		"Migrate objects of this version first; applying the CRD fails while status.storedVersions lists the old version.",
	),
	"crd-field-gone": kind(
		"review",
		"Check whether your own objects use it: the API server drops it from them.",
	),
	"crd-operator-mismatch": kind(
		"review",
		"Apply the CRDs of the operator's version.",
	),
	"field-undeclared": kind(
		"unsafe",
		"The API server drops it without an error, or refuses the object: remove it from your values.",
	),
	"object-refused": kind(
		"unsafe",
		"Change the values that it comes from: the upgrade fails there, halfway.",
	),
	"api-version-gone": kind(
		"unsafe",
		"Take a version of the chart that is made for your Kubernetes, or remove the object from your values.",
	),
	"immutable-field-changed": kind(
		"unsafe",
		"The upgrade fails halfway. Keep the old value, or delete the object right before the upgrade, which makes it anew: of a StatefulSet, kubectl delete --cascade=orphan keeps the pods and volume claims. Never delete a volume claim: its data goes with it.",
	),
	"workload-gone": kind(
		"unsafe",
		"Check whether your values still ask for it.",
	),
	"data-left-behind": kind(
		"unsafe",
		"Keep the old name (nameOverride, fullnameOverride), or bind the volume to the new volume claim.",
	),
	"object-renamed": kind("note", "Update what refers to the old name."),
	"service-gone": kind(
		"review",
		"Update what refers to it: datasources, ingresses, remote writers.",
	),
	"reference-gone": kind(
		"unsafe",
		"Give the pods back what they refer to, under its old name, or remove it from your values.",
	),
	"backend-gone": kind(
		"unsafe",
		"Name a port in it that the Service has now, or give the Service its old one: until then whoever comes that way gets an error.",
	),
	"volume-claim-gone": kind(
		"unsafe",
		"Annotate it with helm.sh/resource-policy: keep before the upgrade.",
	),
	"object-gone": kind("review", "Check whether you rely on it."),
	"configuration-gone": kind(
		"note",
		"Check whether anything of your own refers to it.",
	),
	"object-changed": kind(
		"review",
		"Check that its ports, addresses and protections are still what you want.",
	),
	"configuration-changed": kind("note", "None needed."),
	"rollout-changed": kind(
		"review",
		"If only one pod can mount the volume, a rolling update never ends: use the strategy Recreate. With OnDelete or a partition, pods stay as they are until you delete them.",
	),
	"object-differs": kind("note", "None needed."),
	"labels-changed": kind(
		"note",
		"Check what selects by them: monitors and policies of your own, ExternalDNS, cert-manager.",
	),
	"object-added": kind("note", "None needed."),
	"workload-changed": kind("note", "None needed."),
	"setting-changed": kind(
		"review",
		"Set it in your values, if you want the old one.",
	),
	"uploads-lost": kind(
		"unsafe",
		"Set objectStorageConfig in the form that the new chart reads; until then nothing is uploaded, and data is lost when the retention deletes it.",
	),
	"retention-shortened": kind(
		"unsafe",
		"Set retention and retentionSize in your values: Prometheus deletes the rest when it first starts.",
	),
	"retention-exceeds-volume": kind(
		"review",
		"Keep retentionSize at four fifths of the volume, or make the volume larger.",
	),
	"receiver-off": kind("unsafe", "Set enableRemoteWriteReceiver: true."),
	"volume-dropped": kind(
		"unsafe",
		"Set the storage in your values in the form that the new chart reads.",
	),
	"volume-claim-template-changed": kind(
		"review",
		"Existing volume claims stay as they are: a new size or class has no effect on them. Make them larger by hand, where their class allows that.",
	),
	"prometheus-data-lost": kind(
		"unsafe",
		"Give it a volume (prometheusSpec.storageSpec), or accept the loss. What is stored elsewhere, such as in Thanos' bucket, is kept.",
	),
	"grafana-data-lost": kind(
		"review",
		"Give it a volume (grafana.persistence), or export what was made in the browser. What is provisioned comes back.",
	),
	"data-on-emptydir-lost": kind(
		"unsafe",
		"Give it a volume, or accept the loss.",
	),
	"alertmanager-state-lost": kind(
		"review",
		"Silences are lost, and firing alerts are sent again. Give it a volume (alertmanagerSpec.storage), or note the silences first.",
	),
	"alerting-lost": kind(
		"unsafe",
		"Check alertmanager.enabled and the alerting endpoints.",
	),
	"selector-narrowed": kind(
		"unsafe",
		"Set the selector, or ...SelectorNilUsesHelmValues: false; Prometheus no longer selects what other charts bring.",
	),
	"monitor-gone": kind("unsafe", "Find out which value enables it."),
	"monitor-renamed": kind(
		"review",
		"The job label may change: check your own rules and dashboards that use it.",
	),
	"monitor-unselected": kind(
		"unsafe",
		"Give it the labels that Prometheus' selector matches.",
	),
	"monitor-changed": kind(
		"review",
		"Check that targets, labels and intervals are still what you want.",
	),
	"scrape-job-gone": kind(
		"unsafe",
		"Add it to additionalScrapeConfigs again; a list in your values replaces the whole list.",
	),
	"scrape-job-changed": kind(
		"review",
		"Check that it still finds its targets, and gives them the same labels.",
	),
	"scrape-job-added": kind("note", "None needed."),
	"targets-gone": kind(
		"unsafe",
		"Give the Service its labels, annotations and ports back, or scrape it in another way.",
	),
	"job-changed": kind(
		"review",
		"Change your rules, routes and dashboards that select by the old job, or set the label back.",
	),
	"labels-of-targets-changed": kind(
		"review",
		"Change your rules and dashboards that select by the old labels, or set them back.",
	),
	"metrics-gone": kind(
		"note",
		"Switch the collector or the endpoint on again, if you need them.",
	),
	"metric-dropped": kind(
		"note",
		"Set the monitor's metricRelabelings, if you need them.",
	),
	"alert-blind": kind(
		"unsafe",
		"Keep the metric, or change the rule: it can never fire again, and gives no error.",
	),
	"alert-always-fires": kind(
		"unsafe",
		"Keep the metric, or change the rule: it tells of an outage that there is not.",
	),
	"recording-blind": kind(
		"review",
		"Keep the metric, or change the rule: what is built on it has no data.",
	),
	"panel-blind": kind("review", "Keep the metric, or change the dashboard."),
	"rules-renamed": kind(
		"review",
		"Its `for` timers start over: pending and firing alerts become pending again.",
	),
	"rules-unselected": kind(
		"unsafe",
		"Give them the labels that Prometheus' rule selector matches.",
	),
	"expression-refused": kind(
		"unsafe",
		"Correct the rule; promtool check rules says what is wrong.",
	),
	"prometheus-refused": kind(
		"unsafe",
		"Correct what your values add to the configuration, or set in it; until then Prometheus keeps the old one, and does not start again.",
	),
	"alert-added": kind(
		"note",
		"Route it, or switch it off with defaultRules.disabled.",
	),
	"alert-returned": kind(
		"review",
		"Switch it off by the key that the new chart reads.",
	),
	"alert-gone": kind(
		"unsafe",
		"Add it as a rule of your own, if you rely on it.",
	),
	"alert-renamed": kind(
		"review",
		"Update routes, silences and inhibitions that name it.",
	),
	"alert-relabelled": kind(
		"review",
		"Check that it is still routed as you want.",
	),
	"alert-changed": kind("note", "None needed."),
	"recording-gone": kind(
		"note",
		"Check whether your own dashboards or rules use it.",
	),
	"recording-changed": kind(
		"note",
		"Check whether your own dashboards or rules need its old labels or values.",
	),
	"dashboard-gone": kind(
		"review",
		"Add it as a ConfigMap of your own, if you use it.",
	),
	"dashboard-unlabelled": kind(
		"review",
		"Set the label, or the one that the sidecar selects by.",
	),
	"dashboard-renamed": kind("note", "Update links to it."),
	"dashboard-uid-twice": kind(
		"review",
		"Give one of them another uid: Grafana shows only one of the two, and no longer updates either.",
	),
	"dashboard-added": kind("note", "None needed."),
	"dashboard-changed": kind("note", "None needed."),
	"datasource-gone": kind(
		"unsafe",
		"Add it again, under the same name and uid.",
	),
	"datasource-changed": kind(
		"review",
		"Check its address; dashboards that name its uid need the same uid.",
	),
	"default-datasource-changed": kind(
		"review",
		"Mark the one that your panels expect with isDefault: true.",
	),
	"two-default-datasources": kind(
		"unsafe",
		"Set isDefault: false for all but one, or grafana.sidecar.datasources.isDefaultDatasource: false.",
	),
	"datasource-uid-twice": kind(
		"unsafe",
		"Give one of them another uid, and change what names it.",
	),
	"datasource-added": kind("note", "None needed."),
	"contact-point-gone": kind("unsafe", "Add it to grafana.alerting again."),
	"contact-point-changed": kind(
		"review",
		"Check that its messages still arrive where they should.",
	),
	"grafana-alert-gone": kind("unsafe", "Add it to grafana.alerting again."),
	"grafana-alert-changed": kind(
		"review",
		"Check that its condition is still what you want.",
	),
	"grafana-policy-changed": kind(
		"review",
		"Check that each alert still goes to the right contact point.",
	),
	"login-changed": kind(
		"unsafe",
		"Set grafana.adminPassword or grafana.admin.existingSecret to the credentials that are in use.",
	),
	"receiver-gone": kind(
		"unsafe",
		"Add it again: lists in your values replace the chart's.",
	),
	"receiver-changed": kind(
		"review",
		"Check that its notifications still go where they should.",
	),
	"notification-fails": kind(
		"unsafe",
		"Correct the template: Alertmanager loads it without an error, and then sends none of the receiver's messages.",
	),
	"alertmanager-refused": kind(
		"unsafe",
		"Correct alertmanager.config; until then the operator keeps the old one, or Alertmanager does not start.",
	),
	"route-changed": kind(
		"review",
		"Check with `amtool config routes test` that each alert still goes where it should.",
	),
	"inhibition-changed": kind(
		"review",
		"Check that the right alerts are muted, and no others.",
	),
	"alerting-configuration-changed": kind(
		"review",
		"Check that it is what you want.",
	),
	"permission-lost": kind(
		"review",
		"Check whether it still needs them; without them its log says forbidden.",
	),
	"discovery-lost": kind(
		"unsafe",
		"Restore the permissions: without them its log says forbidden, and it misses targets or objects.",
	),
	// How the tool that installs the chart does it.
	"apply-too-large": kind(
		"unsafe",
		"Add ServerSideApply=true to spec.syncPolicy.syncOptions of the Application.",
	),
	"apply-duplicates": kind(
		"unsafe",
		"Remove one of the two from your values; the last one is what counted so far.",
	),
	"apply-conflicts": kind(
		"review",
		"Leave replicas out of your values where an autoscaler sets them, or add --force-conflicts for this upgrade.",
	),
	"random-anew": kind(
		"review",
		"Set what is random in your values, such as grafana.adminPassword or grafana.admin.existingSecret.",
	),
	"hook-ignored": kind(
		"review",
		"Do by hand what it does, or let the tool run hooks.",
	),
	"hook-elsewhen": kind("note", "Check that it may run more than once."),
	"not-pruned": kind(
		"review",
		"Read the list, and delete what you do not want, such as by a sync with pruning.",
	),
	"pruned-although-kept": kind(
		"review",
		"Annotate it with argocd.argoproj.io/sync-options: Prune=false before the sync.",
	),
	// Only an upgrade on a cluster finds these.
	"upgrade-fails": kind(
		"unsafe",
		"Fix what its message names; the release stays half upgraded until helm rollback.",
	),
	"rollout-fails": kind("unsafe", "See what its pods report."),
	"claim-lost": kind("unsafe", "See its message and evidence."),
	"samples-lost": kind("unsafe", "Check the volume and the WAL."),
	"target-gap": kind(
		"unsafe",
		"Find out why Prometheus or the target took so long.",
	),
	"watchdog-gap": kind(
		"unsafe",
		"Find out why Prometheus or Alertmanager took so long.",
	),
	"targets-differ": kind(
		"unsafe",
		"Check the monitors and Prometheus' service discovery.",
	),
	"rules-differ": kind(
		"unsafe",
		"Check the operator's log: it rejects invalid rules.",
	),
	"dashboards-differ": kind(
		"unsafe",
		"Find out what removed their ConfigMaps.",
	),
	"login-lost": kind(
		"unsafe",
		"Its database keeps the password of its first start: set that one in your values, or reset it with `grafana cli admin reset-admin-password`.",
	),
	"datasource-lost": kind(
		"unsafe",
		"Check its address in Grafana, and what is there.",
	),
	"volume-claim-replaced": kind(
		"unsafe",
		"The data of the old volume claim is not in the new one.",
	),
	"alerts-lost": kind(
		"unsafe",
		"Check its rule, and whether its metrics still exist.",
	),
	"silence-lost": kind(
		"unsafe",
		"Check Alertmanager's volume; until then write the silences down before an upgrade, and set them again.",
	),
	"field-refused": kind(
		"unsafe",
		"Apply the new chart's CRDs, or restore the permission.",
	),
	"field-pruned": kind(
		"unsafe",
		"Apply the new chart's CRDs: the API server dropped the field without an error.",
	),
	unreconciled: kind("unsafe", "Check its message and the operator's log."),
	"alerts-newly-active": kind(
		"note",
		"See whether they end with the restart. Those of the test's own cluster, which is small, may be none of yours.",
	),
	"timers-restarted": kind(
		"note",
		"None needed: Prometheus restores only timers of more than 10 minutes.",
	),
	"sent-twice": kind(
		"note",
		"Give Alertmanager a volume, if that is a problem.",
	),
	"rollback-fails": kind(
		"review",
		"There is no quick way back: back up values and volumes first.",
	),
	"rollback-claim-lost": kind(
		"review",
		"There is no clean way back: back up values and volumes first.",
	),
} as const satisfies Record<string, Kind>;

export type ReasonId = keyof typeof kinds;
