import { isEqual, omit } from "es-toolkit";
import diff from "microdiff";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason, type ReasonId } from "../../reasons.ts";
import { asObject, at, show } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { withoutVersions } from "../charts/version-labels.ts";
import { hasVolumeClaim } from "../objects/volume-claims.ts";
import { compareAlerting } from "./alerting.ts";
import { isShorter, isSmaller } from "./retention.ts";
import { selectorFields } from "./selectors.ts";

/** Settings of Prometheus and Alertmanager, and of the other workloads' pods, that change. */
export function compareSettings(a: Side, b: Side): Reason[] {
	return [
		...pair(
			a,
			b,
			"Prometheus",
			"PrometheusAgent",
			"Alertmanager",
			"ThanosRuler",
		).both.flatMap(([old, now]) =>
			compareSpecs(
				withoutVersions(old),
				withoutVersions(now),
				operatorOf(a) !== operatorOf(b),
			),
		),
		...pair(a, b, "Deployment", "DaemonSet", "StatefulSet").both.flatMap(
			([old, now]) => comparePods(withoutVersions(old), withoutVersions(now)),
		),
		...compareVolumeClaimTemplates(a, b),
		...compareAlerting(a, b),
	];
}

const storage = "storage";
/** Fields of the specs that other comparisons look at. */
const elsewhere = [
	"image",
	"version",
	"tag",
	"sha",
	"baseImage",
	storage,
	"alerting",
	...selectorFields,
];

/** The operator's image and that of the reloader in each of its pods: a change of either replaces all those pods. */
function operatorOf({ images }: Side): string {
	return images
		.filter((image) =>
			/\/prometheus-(operator|config-reloader)[:@]/.test(image),
		)
		.join(" ");
}

function compareSpecs(
	old: Manifest,
	now: Manifest,
	otherOperator: boolean,
): Reason[] {
	const name = nameOf(now);
	const reasons: Reason[] = [];
	const before = specOf(old);
	const after = specOf(now);
	const changed = diff(omit(before, elsewhere), omit(after, elsewhere))
		.map(({ path }) => path.map(String))
		.filter((path) => path.at(-1) !== "image" && path.at(-1) !== "version");
	// If an item is added to a list, all items after it differ: report the list.
	const fields = new Map(
		changed.map(settingOf).map((path) => [path.join("."), path]),
	);
	for (const [field, path] of fields) {
		const from = at(before, path);
		const to = at(after, path);
		if (isEqual(from, to) || isSpelledOut(field, from, to)) continue;
		reasons.push(
			makeReason(
				specialCase(field, from, to) ?? "setting-changed",
				`${name} ${field}`,
				`${field} of ${name} changes.`,
				{ evidence: [`from ${show(from)}`, `to ${show(to)}`] },
			),
		);
	}
	const isReplaced = otherOperator || !isEqual(before, after);
	if (now.kind === "Alertmanager" && !hasVolumeClaim(now) && isReplaced)
		reasons.push(
			makeReason(
				"alertmanager-state-lost",
				name,
				`${name} has no volume and its pod is replaced: silences and the record of sent notifications are lost.`,
			),
		);
	return reasons;
}

/** The part of a path that is reported, e.g. `thanos.objectStorageConfig`; nothing below a list. */
function settingOf(path: readonly string[]): string[] {
	const list = path.findIndex((segment) => /^\d+$/.test(segment));
	return path.slice(0, list < 0 ? 2 : Math.min(list, 2));
}

/** Fields that are true if absent. */
const onByDefault = ["walCompression", "automountServiceAccountToken"];

/** Whether a field only spells out its default. */
function isSpelledOut(field: string, from: unknown, to: unknown): boolean {
	return (
		isEmpty(from) &&
		isEmpty(to) &&
		!onByDefault.includes(field) &&
		// An empty selector selects everything, an absent one nothing.
		!/Selector$/.test(field)
	);
}

function isEmpty(value: unknown): boolean {
	return [undefined, null, false, 0, "", [], {}].some((each) =>
		isEqual(each, value),
	);
}

function specialCase(
	field: string,
	from: unknown,
	to: unknown,
): ReasonId | undefined {
	if (/^thanos(\.objectStorageConfig.*)?$/.test(field) && isEmpty(to))
		return "uploads-lost";
	if (field === "enableRemoteWriteReceiver" && !to) return "receiver-off";
	if (field === "retention" && isShorter(to, from))
		return "retention-shortened";
	if (field === "retentionSize" && isSmaller(to, from))
		return "retention-shortened";
	return undefined;
}

function specOf(object: Manifest): Record<string, unknown> {
	return asObject(object.spec);
}

function comparePods(old: Manifest, now: Manifest): Reason[] {
	const podSpec = (each: Manifest) => at(each, "spec.template.spec");
	const changed = diff(asObject(podSpec(old)), asObject(podSpec(now)))
		.map(({ path }) => path.join("."))
		.filter((path) => !path.endsWith(".image"));
	return changed.length === 0
		? []
		: [
				makeReason(
					"workload-changed",
					nameOf(now),
					`The pods of ${nameOf(now)} are replaced, with other settings.`,
					{ evidence: changed },
				),
			];
}

/** The templates that the operator makes volume claims from. */
function compareVolumeClaimTemplates(a: Side, b: Side): Reason[] {
	return pair(a, b, "Prometheus", "Alertmanager").both.flatMap(([old, now]) => {
		const from = specOf(old)[storage];
		const to = specOf(now)[storage];
		if (isEqual(from, to)) return [];
		const dropped = hasVolumeClaim(old) && !hasVolumeClaim(now);
		return [
			makeReason(
				dropped ? "volume-dropped" : "volume-claim-template-changed",
				nameOf(now),
				dropped
					? `${nameOf(now)} no longer asks for a volume: its old data stays in the old volume claim, and new data is lost with the pod.`
					: `The volume claim template of ${nameOf(now)} changes.`,
				{ evidence: [`from ${show(from)}`, `to ${show(to)}`] },
			),
		];
	});
}
