import { z } from "zod";

/**
 * What a reason does to the verdict: a `note` does nothing, a `review` is for a person to decide, `unsafe` loses data,
 * targets, alerts or access, or fails halfway.
 */
const dangers = ["note", "review", "unsafe"] as const;
export type Danger = (typeof dangers)[number];

interface Kind {
	readonly danger: Danger;
	/** What the reason means, in a few words. */
	readonly title: string;
	/** What the person can do about it. */
	readonly wayOut: string;
}

const kind = (danger: Danger, title: string, wayOut: string): Kind => ({
	danger,
	title,
	wayOut,
});

/** Every reason that a verdict can have. */
export const kinds = {
	downgrade: kind(
		"review",
		"the second chart is older than the first",
		"Read the release notes of every version in between; an older version may not read data that a newer one wrote.",
	),
	"kubernetes-refused": kind(
		"unsafe",
		"the chart does not install on this Kubernetes",
		"Upgrade Kubernetes first.",
	),
	"kubernetes-constraint-changed": kind(
		"note",
		"the chart asks for other versions of Kubernetes",
		"Compare them with `kubectl version`; set the version of your cluster with --kube-version.",
	),
	"values-refused": kind(
		"unsafe",
		"the new chart's schema refuses your values",
		"Change the values that the message names.",
	),
	"render-fails": kind(
		"unsafe",
		"the new chart cannot be rendered with your values",
		"Change the values that the message names; helm upgrade would fail with the same message, before it changes anything.",
	),
	"value-no-longer-read": kind(
		"review",
		"one of your values had an effect and no longer has one",
		"Move it to the key that the new chart reads, or delete it.",
	),
	"value-never-read": kind(
		"note",
		"one of your values has no effect, before or after",
		"Delete it, or correct its spelling.",
	),
	"default-changed": kind(
		"review",
		"a default that you did not set has changed",
		"Set it in your values, to the old default or to what you want.",
	),
	"image-changed": kind("note", "the tag of an image changes", "None needed."),
	"image-major-changed": kind(
		"review",
		"the major version of an image changes",
		"Read the release notes of the image's software.",
	),
	"image-variant-changed": kind(
		"review",
		"the variant of an image changes",
		"A distroless image has no shell to exec into; mirrors need the new tag.",
	),
	"image-downgraded": kind(
		"review",
		"an image goes back to an older version",
		"Check that the older version reads what the newer one wrote.",
	),
	"image-moved": kind(
		"review",
		"an image comes from another registry or repository",
		"Add the new place to mirrors, pull secrets and allow lists.",
	),
	"image-added": kind(
		"note",
		"an image is new",
		"Mirror it, if you use a mirror.",
	),
	"crds-changed": kind(
		"note",
		"CRDs differ, and Helm does not upgrade CRDs",
		"Apply the new chart's CRDs before the upgrade; the commands are in the report.",
	),
	"crds-needed-first": kind(
		"review",
		"the new chart uses fields that only its own CRDs declare",
		"Apply the new chart's CRDs before the upgrade; otherwise the API server drops those fields without an error.",
	),
	"crd-gone": kind(
		"review",
		"a CRD is no longer part of the chart",
		"Check whether anything still handles objects of this kind.",
	),
	"crd-version-gone": kind(
		"unsafe",
		"a CRD no longer serves a version",
		"Migrate objects of this version first; applying the CRD fails while status.storedVersions lists the old version.",
	),
	"crd-field-gone": kind(
		"review",
		"a CRD no longer has a field",
		"Check whether your own objects use it: the API server drops it from them.",
	),
	"crd-operator-mismatch": kind(
		"review",
		"the CRDs and the operator have different versions",
		"Apply the CRDs of the operator's version.",
	),
	"field-undeclared": kind(
		"unsafe",
		"an object has a field that the new CRDs do not declare",
		"The API server drops it without an error, or refuses the object: remove it from your values.",
	),
	"immutable-field-changed": kind(
		"unsafe",
		"an immutable field changes",
		"The upgrade fails halfway. Delete the object first and keep its pods and volume claims: kubectl delete --cascade=orphan.",
	),
	"workload-gone": kind(
		"unsafe",
		"a workload is removed",
		"Check whether your values still ask for it.",
	),
	"data-left-behind": kind(
		"unsafe",
		"a workload with a volume is renamed, and starts with an empty volume",
		"Keep the old name (nameOverride, fullnameOverride), or bind the volume to the new volume claim.",
	),
	"object-renamed": kind(
		"note",
		"an object is renamed",
		"Update what refers to the old name.",
	),
	"service-gone": kind(
		"review",
		"a Service is removed",
		"Update what refers to it: datasources, ingresses, remote writers.",
	),
	"volume-claim-gone": kind(
		"unsafe",
		"the chart no longer has a volume claim, and Helm deletes it",
		"Annotate it with helm.sh/resource-policy: keep before the upgrade.",
	),
	"object-gone": kind(
		"review",
		"an object is removed",
		"Check whether you rely on it.",
	),
	"configuration-gone": kind(
		"note",
		"a ConfigMap or Secret is removed",
		"Check whether anything of your own refers to it.",
	),
	"object-changed": kind(
		"review",
		"an object that others rely on changes",
		"Check that its ports, addresses and protections are still what you want.",
	),
	"configuration-changed": kind(
		"note",
		"the content of a ConfigMap or Secret changes",
		"None needed.",
	),
	"rollout-changed": kind(
		"review",
		"the number of a workload's pods, or how they are replaced, changes",
		"If only one pod can mount the volume, a rolling update never ends: use the strategy Recreate.",
	),
	"object-added": kind("note", "objects are new", "None needed."),
	"workload-changed": kind(
		"note",
		"the settings of a workload's pods change",
		"None needed.",
	),
	"setting-changed": kind(
		"review",
		"a setting of Prometheus or Alertmanager changes",
		"Set it in your values, if you want the old one.",
	),
	"uploads-lost": kind(
		"unsafe",
		"the Thanos sidecar has no object store any more",
		"Set objectStorageConfig in the form that the new chart reads; until then nothing is uploaded, and data is lost when the retention deletes it.",
	),
	"retention-shortened": kind(
		"unsafe",
		"Prometheus keeps less data",
		"Set retention and retentionSize in your values: Prometheus deletes the rest when it first starts.",
	),
	"receiver-off": kind(
		"unsafe",
		"Prometheus no longer accepts remote writes",
		"Set enableRemoteWriteReceiver: true.",
	),
	"volume-dropped": kind(
		"unsafe",
		"a volume claim is replaced by storage that is lost with the pod",
		"Set the storage in your values in the form that the new chart reads.",
	),
	"volume-claim-template-changed": kind(
		"review",
		"the template of a volume claim changes",
		"Existing volume claims stay as they are: a new size has no effect on them, a new class or name means an empty volume.",
	),
	"alertmanager-state-lost": kind(
		"review",
		"Alertmanager restarts without a volume of its own",
		"Silences are lost, and firing alerts are sent again. Give it a volume (alertmanagerSpec.storage), or note the silences first.",
	),
	"alerting-lost": kind(
		"unsafe",
		"Prometheus has no Alertmanager to send alerts to",
		"Check alertmanager.enabled and the alerting endpoints.",
	),
	"selector-narrowed": kind(
		"unsafe",
		"Prometheus selects fewer monitors or rules than before",
		"Set the selector, or ...SelectorNilUsesHelmValues: false; Prometheus no longer selects what other charts bring.",
	),
	"monitor-gone": kind(
		"unsafe",
		"a monitor is removed, and its targets are lost",
		"Find out which value enables it.",
	),
	"monitor-renamed": kind(
		"review",
		"a monitor is renamed",
		"The job label may change: check your own rules and dashboards that use it.",
	),
	"monitor-unselected": kind(
		"unsafe",
		"Prometheus no longer selects a monitor, and its targets are lost",
		"Give it the labels that Prometheus' selector matches.",
	),
	"monitor-changed": kind(
		"review",
		"a monitor scrapes differently",
		"Check that targets, labels and intervals are still what you want.",
	),
	"metric-dropped": kind(
		"note",
		"a new relabeling drops metrics",
		"Set the monitor's metricRelabelings, if you need them.",
	),
	"alert-blind": kind(
		"unsafe",
		"an alert or recording rule uses a metric that is dropped",
		"Keep the metric, or change the rule: it can never fire again, and gives no error.",
	),
	"panel-blind": kind(
		"review",
		"a dashboard uses a metric that is dropped",
		"Keep the metric, or change the dashboard.",
	),
	"rules-renamed": kind(
		"review",
		"a rule group moves to another name or object",
		"Its `for` timers start over: pending and firing alerts become pending again.",
	),
	"rules-unselected": kind(
		"unsafe",
		"Prometheus no longer selects rules",
		"Give them the labels that Prometheus' rule selector matches.",
	),
	"alert-gone": kind(
		"unsafe",
		"an alert is removed",
		"Add it as a rule of your own, if you rely on it.",
	),
	"alert-renamed": kind(
		"review",
		"an alert is renamed",
		"Update routes, silences and inhibitions that name it.",
	),
	"alert-relabelled": kind(
		"review",
		"the severity or another label of an alert changes",
		"Check that it is still routed as you want.",
	),
	"alert-changed": kind(
		"note",
		"the expression or duration of an alert changes",
		"None needed.",
	),
	"recording-gone": kind(
		"review",
		"a recording rule is removed",
		"Check whether your own dashboards or rules use it.",
	),
	"recording-used": kind(
		"unsafe",
		"something still uses a series that is no longer recorded",
		"Add the recording rule as one of your own.",
	),
	"dashboard-gone": kind(
		"review",
		"a dashboard is removed",
		"Add it as a ConfigMap of your own, if you use it.",
	),
	"dashboard-unlabelled": kind(
		"review",
		"a dashboard lacks the label that Grafana's sidecar selects by",
		"Set the label, or the one that the sidecar selects by.",
	),
	"dashboard-renamed": kind(
		"note",
		"the title or uid of a dashboard changes",
		"Update links to it.",
	),
	"dashboard-added": kind("note", "a dashboard is new", "None needed."),
	"login-changed": kind(
		"unsafe",
		"Grafana's admin credentials change, but its database keeps the old ones",
		"Set grafana.adminPassword or grafana.admin.existingSecret to the credentials that are in use.",
	),
	"receiver-gone": kind(
		"unsafe",
		"an Alertmanager receiver is removed",
		"Add it again: lists in your values replace the chart's.",
	),
	"receiver-changed": kind(
		"review",
		"an Alertmanager receiver changes",
		"Check that its notifications still go where they should.",
	),
	"route-changed": kind(
		"review",
		"the routing of alerts changes",
		"Check with `amtool config routes test` that each alert still goes where it should.",
	),
	"inhibition-changed": kind(
		"review",
		"the inhibition rules change",
		"Check that the right alerts are muted, and no others.",
	),
	"alerting-configuration-changed": kind(
		"review",
		"another part of Alertmanager's configuration changes",
		"Check that it is what you want.",
	),
	"permission-lost": kind(
		"review",
		"a component loses permissions",
		"Check whether it still needs them; without them its log says forbidden.",
	),
	"discovery-lost": kind(
		"unsafe",
		"a component loses permissions that it needs",
		"Restore the permissions: without them its log says forbidden, and it misses targets or objects.",
	),
	// Only an upgrade on a cluster finds these.
	"upgrade-fails": kind(
		"unsafe",
		"helm upgrade fails",
		"Fix what its message names; the release stays half upgraded until helm rollback.",
	),
	"rollout-fails": kind(
		"unsafe",
		"the upgraded stack does not start",
		"See what its pods report.",
	),
	"claim-lost": kind(
		"unsafe",
		"a claim was proven before the upgrade and is refuted after it",
		"See its message and evidence.",
	),
	"samples-lost": kind(
		"unsafe",
		"samples that Prometheus acknowledged are lost",
		"Check the volume and the WAL.",
	),
	"target-gap": kind(
		"unsafe",
		"a target was not scraped for too long",
		"Find out why Prometheus or the target took so long.",
	),
	"watchdog-gap": kind(
		"unsafe",
		"alerts would not have been delivered for too long",
		"Find out why Prometheus or Alertmanager took so long.",
	),
	"targets-differ": kind(
		"unsafe",
		"targets are lost that the plan did not predict",
		"Check the monitors and Prometheus' service discovery.",
	),
	"rules-differ": kind(
		"unsafe",
		"rules are lost that the plan did not predict",
		"Check the operator's log: it rejects invalid rules.",
	),
	"dashboards-differ": kind(
		"unsafe",
		"dashboards are lost that the plan did not predict",
		"Find out what removed their ConfigMaps.",
	),
	"login-lost": kind(
		"unsafe",
		"Grafana refuses the admin credentials in the cluster",
		"Its database keeps the password of its first start: set that one in your values, or reset it with `grafana cli admin reset-admin-password`.",
	),
	"datasource-lost": kind(
		"unsafe",
		"a Grafana datasource is removed, does not answer, or is no longer the default",
		"Check its address in Grafana, and what is there.",
	),
	"volume-claim-replaced": kind(
		"unsafe",
		"a volume claim was replaced",
		"The data of the old volume claim is not in the new one.",
	),
	"alerts-lost": kind(
		"unsafe",
		"an alert that fired before no longer fires",
		"Check its rule, and whether its metrics still exist.",
	),
	"field-refused": kind(
		"unsafe",
		"the stack's logs report something unknown, refused or forbidden",
		"Apply the new chart's CRDs, or restore the permission.",
	),
	"field-pruned": kind(
		"unsafe",
		"the cluster's CRDs lack a field that the chart sets",
		"Apply the new chart's CRDs: the API server dropped the field without an error.",
	),
	unreconciled: kind(
		"unsafe",
		"the operator could not reconcile an object",
		"Check its message and the operator's log.",
	),
	"timers-restarted": kind(
		"note",
		"the `for` timers of alerts started over",
		"None needed: Prometheus restores only timers of more than 10 minutes.",
	),
	"sent-twice": kind(
		"note",
		"an alert was sent a second time",
		"Give Alertmanager a volume, if that is a problem.",
	),
	"rollback-fails": kind(
		"review",
		"helm rollback fails",
		"There is no quick way back: back up values and volumes first.",
	),
	"rollback-claim-lost": kind(
		"review",
		"a claim was proven before the upgrade and is refuted after the rollback",
		"There is no clean way back: back up values and volumes first.",
	),
} as const satisfies Record<string, Kind>;

export type ReasonId = keyof typeof kinds;

const reasonFields = z.strictObject({
	id: z.string(),
	danger: z.enum(dangers),
	/** What it is about: an object, an image, a key of the values. Unique together with the id. */
	subject: z.string(),
	/** What happens to this subject, in a sentence. */
	what: z.string(),
	evidence: z.array(z.string()),
	wayOut: z.string(),
	/** If there are versions in between: the first version of the chart with this reason. */
	since: z.string().optional(),
});
export type Reason = z.infer<typeof reasonFields> & {
	consequences: Reason[];
};
export const reason: z.ZodType<Reason> = reasonFields.extend({
	/** What it causes. */
	get consequences() {
		return z.array(reason);
	},
});

export interface ReasonDetails {
	readonly evidence?: readonly string[];
	readonly consequences?: readonly Reason[];
}

/** Makes a reason; danger and way out are those of its kind. */
export function makeReason(
	id: ReasonId,
	subject: string,
	what: string,
	{ evidence = [], consequences = [] }: ReasonDetails = {},
): Reason {
	return {
		id,
		danger: kinds[id].danger,
		subject,
		what,
		evidence: [...evidence],
		wayOut: kinds[id].wayOut,
		consequences: [...consequences],
	};
}

/** One reason with these flaws as its evidence, or none if there are no flaws. */
export function reasonsOf(
	id: ReasonId,
	subject: string,
	flaws: readonly string[],
): Reason[] {
	const [first] = flaws;
	return first === undefined
		? []
		: [makeReason(id, subject, first, { evidence: flaws })];
}

/** Identifies a reason across comparisons. */
export function keyOf({ id, subject }: Reason): string {
	return `${id}: ${subject}`;
}

/** Reasons with all of their consequences, in one list. */
export function flatten(reasons: readonly Reason[]): Reason[] {
	return reasons.flatMap((each) => [each, ...flatten(each.consequences)]);
}

/** A note without consequences: reports group such notes. */
export function isPlainNote({ danger, consequences }: Reason): boolean {
	return danger === "note" && consequences.length === 0;
}

export type UpgradeVerdict = "safe" | "review" | "unsafe";

/** The worst danger decides, at any depth. */
export function verdictOfReasons(reasons: readonly Reason[]): UpgradeVerdict {
	const worst = worstDangerOf(reasons);
	return worst === "note" ? "safe" : worst;
}

function worstDangerOf(reasons: readonly Reason[]): Danger {
	const found = new Set(flatten(reasons).map(({ danger }) => danger));
	return dangers.findLast((each) => found.has(each)) ?? "note";
}

/** The worst first; equals keep their order. */
export function byDanger(reasons: readonly Reason[]): Reason[] {
	const rank = (each: Reason) => dangers.indexOf(worstDangerOf([each]));
	return reasons
		.map((each) => ({ ...each, consequences: byDanger(each.consequences) }))
		.sort((a, b) => rank(b) - rank(a));
}
