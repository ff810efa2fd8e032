import { z } from "zod";

/**
 * What a reason does to the verdict: a `note` nothing, a `review` is for a person to decide, `unsafe` loses data,
 * targets, alerts or access, or fails half way.
 */
const dangers = ["note", "review", "unsafe"] as const;
export type Danger = (typeof dangers)[number];

interface Kind {
	readonly danger: Danger;
	/** What it is, in a few words. */
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
		"Read the notes of every version in between backwards; data written by a newer version may not be readable by an older one.",
	),
	"kubernetes-refused": kind(
		"unsafe",
		"the chart does not install on this Kubernetes",
		"Upgrade Kubernetes first.",
	),
	"kubernetes-constraint-changed": kind(
		"note",
		"the chart asks for other versions of Kubernetes",
		"Compare it with `kubectl version`; --kube-version tells this command which version the cluster has.",
	),
	"values-refused": kind(
		"unsafe",
		"the new chart's schema refuses your values",
		"Change the values that it names.",
	),
	"render-fails": kind(
		"unsafe",
		"the new chart cannot be rendered with your values",
		"Change the values that it names; helm upgrade would end with the same sentence, before it changed anything.",
	),
	"value-no-longer-read": kind(
		"review",
		"a value of yours had an effect and has none any more",
		"Move it to the key that the new chart reads, or delete it.",
	),
	"value-never-read": kind(
		"note",
		"a value of yours has no effect, neither before nor after",
		"Delete it, or mend its spelling.",
	),
	"default-changed": kind(
		"review",
		"a default that you did not set has changed",
		"Set it in your values, to what it was or to what you want.",
	),
	"image-changed": kind("note", "an image has another tag", "None needed."),
	"image-major-changed": kind(
		"review",
		"an image has another major version",
		"Read its own release notes.",
	),
	"image-variant-changed": kind(
		"review",
		"an image is of another variant",
		"A distroless one has no shell to exec into; mirrors have to know its tags.",
	),
	"image-downgraded": kind(
		"review",
		"an image goes back to an older version",
		"See whether the older version reads what the newer one wrote.",
	),
	"image-moved": kind(
		"review",
		"an image comes from another registry or repository",
		"Add it to mirrors, pull secrets and allow-lists.",
	),
	"image-added": kind("note", "an image is new", "Mirror it, if you mirror."),
	"crds-changed": kind(
		"note",
		"CRDs differ, and Helm does not upgrade CRDs",
		"Apply the new chart's CRDs before the upgrade; the commands are at the end of the report.",
	),
	"crds-needed-first": kind(
		"review",
		"the new chart uses fields that only its own CRDs know",
		"Apply the new chart's CRDs before the upgrade, or those fields are dropped in silence.",
	),
	"crd-gone": kind(
		"review",
		"a CRD is no longer part of the chart",
		"See whether objects of this kind are still looked after by anybody.",
	),
	"crd-version-gone": kind(
		"unsafe",
		"a CRD no longer serves a version",
		"Move objects of this version first; applying the CRD fails while the old version is among its stored ones.",
	),
	"crd-field-gone": kind(
		"review",
		"a CRD no longer has a field",
		"See whether objects of your own use it: it would be dropped from them.",
	),
	"crd-operator-mismatch": kind(
		"review",
		"the CRDs are of another version than the operator",
		"Apply the CRDs of the operator's own version.",
	),
	"field-undeclared": kind(
		"unsafe",
		"an object has a field that the new CRDs do not know",
		"It is dropped in silence, or refused: remove it from your values.",
	),
	"immutable-field-changed": kind(
		"unsafe",
		"a field changes that Kubernetes does not let change",
		"The upgrade fails half way. Delete the object before, keeping its volume claims: kubectl delete --cascade=orphan.",
	),
	"workload-gone": kind(
		"unsafe",
		"a workload is gone",
		"See whether your values still ask for it.",
	),
	"data-left-behind": kind(
		"unsafe",
		"a workload with a volume has another name, and starts with an empty one",
		"Keep the old name (nameOverride, fullnameOverride), or move the volume to the new claim.",
	),
	"object-renamed": kind(
		"note",
		"an object has another name",
		"Change what refers to the old name.",
	),
	"service-gone": kind(
		"review",
		"a Service is gone",
		"Change what refers to it: datasources, ingresses, remote writers.",
	),
	"claim-gone": kind(
		"unsafe",
		"a volume claim is gone from the chart, and Helm deletes it",
		"Annotate it with helm.sh/resource-policy: keep before the upgrade.",
	),
	"object-gone": kind(
		"review",
		"an object is gone",
		"See whether you rely on it.",
	),
	"configuration-gone": kind(
		"note",
		"a ConfigMap or Secret is gone",
		"See whether anything of your own refers to it.",
	),
	"object-changed": kind(
		"review",
		"an object that others rely on changes",
		"See whether ports, addresses and guards are still what you want.",
	),
	"configuration-changed": kind(
		"note",
		"the content of a ConfigMap or Secret changes",
		"None needed.",
	),
	"rollout-changed": kind(
		"review",
		"the number of a workload's pods changes, or how they are replaced",
		"A rolling update waits for ever for a volume that one pod alone may mount: Recreate.",
	),
	"object-added": kind("note", "objects are new", "None needed."),
	"workload-changed": kind(
		"note",
		"a workload's pods have other settings",
		"None needed.",
	),
	"setting-changed": kind(
		"review",
		"a setting of Prometheus or Alertmanager changes",
		"Set it in your values, if what it was is what you want.",
	),
	"uploads-lost": kind(
		"unsafe",
		"the Thanos sidecar no longer gets an object store",
		"Give objectStorageConfig in the form that the new chart reads; until then nothing is uploaded, and the data is gone after the retention.",
	),
	"retention-shortened": kind(
		"unsafe",
		"Prometheus keeps data for less long",
		"Set retention and retentionSize in your values: what is older is deleted at the first start.",
	),
	"receiver-off": kind(
		"unsafe",
		"Prometheus no longer takes remote writes",
		"Set enableRemoteWriteReceiver: true.",
	),
	"volume-dropped": kind(
		"unsafe",
		"a volume claim is replaced by storage that ends with the pod",
		"Set the storage in your values in the form that the new chart reads.",
	),
	"claim-template-changed": kind(
		"review",
		"the template of a volume claim changes",
		"Existing claims stay as they are: a size is not taken over, another class or name means an empty volume.",
	),
	"alertmanager-state-lost": kind(
		"review",
		"Alertmanager restarts without a volume of its own",
		"Silences are lost, and what fires is told again. Give it a volume (alertmanagerSpec.storage), or note the silences before.",
	),
	"alerting-lost": kind(
		"unsafe",
		"Prometheus no longer sends alerts to an Alertmanager that is there",
		"See to alertmanager.enabled and the alerting endpoints.",
	),
	"selector-narrowed": kind(
		"unsafe",
		"Prometheus looks at fewer monitors or rules than before",
		"Set the selector, or ...SelectorNilUsesHelmValues: false; what other charts bring is no longer seen.",
	),
	"monitor-gone": kind(
		"unsafe",
		"a monitor is gone, and its targets with it",
		"See which value turns it on.",
	),
	"monitor-renamed": kind(
		"review",
		"a monitor has another name",
		"The label job may change: see to rules and dashboards of your own that name it.",
	),
	"monitor-unselected": kind(
		"unsafe",
		"a monitor is no longer selected by Prometheus, and its targets are gone",
		"Give it the labels that Prometheus' selector asks for.",
	),
	"monitor-changed": kind(
		"review",
		"a monitor scrapes otherwise than before",
		"See whether targets, labels and intervals are still what you want.",
	),
	"metric-dropped": kind(
		"note",
		"a new relabelling drops metrics",
		"Set the monitor's metricRelabelings, if you need them.",
	),
	"alert-blind": kind(
		"unsafe",
		"an alert or recording rule uses a metric that is dropped",
		"Keep the metric, or change the rule: it can never fire again, and says nothing of it.",
	),
	"panel-blind": kind(
		"review",
		"a dashboard uses a metric that is dropped",
		"Keep the metric, or change the dashboard.",
	),
	"rules-renamed": kind(
		"review",
		"a group of rules has another name or object",
		"Its `for` timers start over: alerts that are pending or firing begin again.",
	),
	"rules-unselected": kind(
		"unsafe",
		"rules are no longer selected by Prometheus",
		"Give them the labels that Prometheus' rule selector asks for.",
	),
	"alert-gone": kind(
		"unsafe",
		"an alert is gone",
		"Bring it as a rule of your own, if you rely on it.",
	),
	"alert-renamed": kind(
		"review",
		"an alert has another name",
		"Change routes, silences and inhibitions that name it.",
	),
	"alert-relabelled": kind(
		"review",
		"an alert has another severity or label",
		"See whether it is still routed as you want.",
	),
	"alert-changed": kind(
		"note",
		"an alert has another expression or duration",
		"None needed.",
	),
	"recording-gone": kind(
		"review",
		"a recording rule is gone",
		"See whether dashboards or rules of your own use it.",
	),
	"recording-used": kind(
		"unsafe",
		"a recorded series that is gone is still used",
		"Bring the recording rule as one of your own.",
	),
	"dashboard-gone": kind(
		"review",
		"a dashboard is gone",
		"Bring it as a ConfigMap of your own, if you use it.",
	),
	"dashboard-unlabelled": kind(
		"review",
		"a dashboard lacks the label that Grafana's sidecar looks for",
		"Set the label, or what the sidecar looks for.",
	),
	"dashboard-renamed": kind(
		"note",
		"a dashboard has another title or uid",
		"Links to it change.",
	),
	"dashboard-added": kind("note", "a dashboard is new", "None needed."),
	"login-changed": kind(
		"unsafe",
		"Grafana's admin password changes, and a kept database still has the old one",
		"Set grafana.adminPassword or grafana.admin.existingSecret to the credentials that are in use.",
	),
	"receiver-gone": kind(
		"unsafe",
		"a receiver of Alertmanager is gone",
		"Declare it again: lists in values replace the chart's.",
	),
	"receiver-changed": kind(
		"review",
		"a receiver of Alertmanager changes",
		"See whether messages still go where they should.",
	),
	"route-changed": kind(
		"review",
		"the routing of alerts changes",
		"See whether each alert still goes where it should: amtool config routes test.",
	),
	"inhibition-changed": kind(
		"review",
		"the inhibition rules change",
		"See whether alerts are still muted, and not too many.",
	),
	"alerting-configuration-changed": kind(
		"review",
		"another part of Alertmanager's configuration changes",
		"See whether it is what you want.",
	),
	"permission-lost": kind(
		"review",
		"a component may do less than before",
		"See whether it still needs it; its log would say forbidden.",
	),
	"discovery-lost": kind(
		"unsafe",
		"a component may no longer see what it works on",
		"Give the permission back: its log says forbidden, and targets or objects are no longer looked after.",
	),
	// What only the full run can tell.
	"upgrade-fails": kind(
		"unsafe",
		"helm upgrade ends with an error",
		"See to what it names; the release is left half way, and helm rollback takes it back.",
	),
	"rollout-fails": kind(
		"unsafe",
		"what the upgrade installs does not start",
		"See to what its pod says.",
	),
	"claim-lost": kind(
		"unsafe",
		"a claim held before the upgrade and does not after it",
		"See its message and evidence.",
	),
	"samples-lost": kind(
		"unsafe",
		"samples that Prometheus had acknowledged are gone",
		"See to the volume and the WAL.",
	),
	"target-gap": kind(
		"unsafe",
		"a target was not scraped for long",
		"See why Prometheus or the target took so long.",
	),
	"watchdog-gap": kind(
		"unsafe",
		"nobody would have been alerted for long",
		"See why Prometheus or Alertmanager took so long.",
	),
	"targets-differ": kind(
		"unsafe",
		"targets are gone that reading the charts did not announce",
		"See the monitors and Prometheus' service discovery.",
	),
	"rules-differ": kind(
		"unsafe",
		"rules are gone that reading the charts did not announce",
		"See the operator's log: it leaves out rules that it does not take.",
	),
	"dashboards-differ": kind(
		"unsafe",
		"dashboards are gone that reading the charts did not announce",
		"See who removed their ConfigMaps.",
	),
	"login-lost": kind(
		"unsafe",
		"Grafana refuses the admin's credentials that the cluster has",
		"Its database keeps the password of its first start: set that one in the values, or reset it by `grafana cli admin reset-admin-password`.",
	),
	"datasource-lost": kind(
		"unsafe",
		"a datasource of Grafana's is gone, does not answer, or is no longer the default",
		"See its address in Grafana, and what it points at.",
	),
	"claim-replaced": kind(
		"unsafe",
		"a volume claim is another one than before",
		"What the old one held is not in the new one.",
	),
	"alerts-lost": kind(
		"unsafe",
		"an alert that fired before does not fire after",
		"See its rule, and whether its metrics are still there.",
	),
	"field-refused": kind(
		"unsafe",
		"the stack's logs say that something is unknown, refused or forbidden",
		"Apply the new chart's CRDs, or give back the permission.",
	),
	"field-pruned": kind(
		"unsafe",
		"the cluster's CRDs do not have a field that the chart sets",
		"Apply the new chart's CRDs: the API server has dropped it without a word.",
	),
	unreconciled: kind(
		"unsafe",
		"the operator could not reconcile an object",
		"See its message and the operator's log.",
	),
	"timers-restarted": kind(
		"note",
		"waiting times of alerts started over",
		"None needed: Prometheus keeps them only where they are longer than 10 minutes.",
	),
	"told-twice": kind(
		"note",
		"an alert was told a second time",
		"Give Alertmanager a volume, if that disturbs.",
	),
	"rollback-fails": kind(
		"review",
		"helm rollback does not lead back",
		"There is no quick way back: have a backup of values and volumes.",
	),
	"rollback-claim-lost": kind(
		"review",
		"a claim held before the upgrade and does not after the way back",
		"There is no clean way back: have a backup of values and volumes.",
	),
} as const satisfies Record<string, Kind>;

export type ReasonId = keyof typeof kinds;

const reasonFields = z.strictObject({
	id: z.string(),
	danger: z.enum(dangers),
	/** What it is about: an object, an image, a key of the values. With the id it is unique. */
	subject: z.string(),
	/** What it does to this person, in a sentence. */
	what: z.string(),
	evidence: z.array(z.string()),
	wayOut: z.string(),
	/** Where several versions lie between: the first chart version that brings it. */
	since: z.string().optional(),
});
export type Reason = z.infer<typeof reasonFields> & {
	consequences: Reason[];
};
export const reason: z.ZodType<Reason> = reasonFields.extend({
	/** What follows from it. */
	get consequences() {
		return z.array(reason);
	},
});

export interface ReasonDetails {
	readonly evidence?: readonly string[];
	readonly consequences?: readonly Reason[];
}

/** A reason of a kind; `what` is about this subject. */
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

/** The reason that flaws are, each a sentence of its evidence; none where there is no flaw. */
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

/** Tells reasons of two comparisons that are the same. */
export function keyOf({ id, subject }: Reason): string {
	return `${id}: ${subject}`;
}

/** A reason and all that follows from it. */
export function flatten(reasons: readonly Reason[]): Reason[] {
	return reasons.flatMap((each) => [each, ...flatten(each.consequences)]);
}

/** A note that nothing follows from: reports tell such notes together. */
export function isPlainNote({ danger, consequences }: Reason): boolean {
	return danger === "note" && consequences.length === 0;
}

export type UpgradeVerdict = "safe" | "review" | "unsafe";

/** The worst danger decides, however deep it is nested. */
export function verdictOfReasons(reasons: readonly Reason[]): UpgradeVerdict {
	const worst = worstOf(reasons);
	return worst === "note" ? "safe" : worst;
}

function worstOf(reasons: readonly Reason[]): Danger {
	const found = new Set(flatten(reasons).map(({ danger }) => danger));
	return dangers.findLast((each) => found.has(each)) ?? "note";
}

/** The worst first; among equals as they were found. */
export function byDanger(reasons: readonly Reason[]): Reason[] {
	const rank = (each: Reason) => dangers.indexOf(worstOf([each]));
	return reasons
		.map((each) => ({ ...each, consequences: byDanger(each.consequences) }))
		.sort((a, b) => rank(b) - rank(a));
}
