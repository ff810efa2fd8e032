import { isEqual, omit } from "es-toolkit";
import { type Manifest, nameOf } from "../../../../clients/kube-objects.ts";
import type { ReasonId } from "../../../reason-kinds.ts";
import { makeReason, type Reason } from "../../../reasons.ts";
import {
	type Difference,
	describeDifference,
	differencesOf,
} from "../../charts/differences.ts";
import { asObject, at, textAt } from "../../charts/fields.ts";
import {
	operatorWorkloads,
	podWorkloads,
} from "../../charts/operator-kinds.ts";
import { pair } from "../../charts/pairs.ts";
import type { Side } from "../../charts/side.ts";
import { hasVolumeClaim, usualClaimName } from "../../objects/volume-claims.ts";
import { worseIn } from "../../objects/worse-pods.ts";
import { listInSecret } from "../../targets/list-in-secret.ts";
import { compareAlerting } from "../alerting.ts";
import { isShorter, isSmaller } from "../retention.ts";
import { selectorFields } from "../selectors.ts";
import { describeStorageChange } from "./describe-storage.ts";
import { isEmpty, isHarmless } from "./harmless-settings.ts";
import { isSetByPerson } from "./set-by-person.ts";

/** Settings of Prometheus and Alertmanager, and of the other workloads' pods, that change. */
export function compareSettings(a: Side, b: Side): Reason[] {
	return [
		...pair(a, b, ...operatorWorkloads).both.flatMap(([old, now]) =>
			compareSpecs(old, now, {
				isOwn: (field) => isSetByPerson(now.kind, field, a, b),
				isRead: (field) =>
					listsInSecrets.includes(field) &&
					[listInSecret(a, old, field), listInSecret(b, now, field)].every(
						(list) => list !== undefined,
					),
			}),
		),
		...pair(a, b, ...podWorkloads).both.flatMap(([old, now]) =>
			comparePods(old, now),
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

/** What the Secrets say that these fields name is compared elsewhere, if it can be read. */
const listsInSecrets = [
	"additionalScrapeConfigs",
	"additionalAlertManagerConfigs",
	"additionalAlertRelabelConfigs",
];

function compareSpecs(
	old: Manifest,
	now: Manifest,
	{ isOwn, isRead }: Record<"isOwn" | "isRead", (field: string) => boolean>,
): Reason[] {
	const name = nameOf(now);
	const reasons: Reason[] = [];
	const before = specOf(old);
	const after = specOf(now);
	const fields = new Map(
		differencesOf(omit(before, elsewhere), omit(after, elsewhere))
			.map(({ path }) => settingOf(path))
			.map((path) => [path.join("."), path]),
	);
	for (const [field, path] of fields) {
		const from = at(before, path);
		const to = at(after, path);
		if (/(^|\.)(image|version)$/.test(field)) continue;
		const id =
			specialCase(field, { ...old, spec: before }, { ...now, spec: after }) ??
			(isHarmless(field, before, after) || isRead(field)
				? "object-differs"
				: "setting-changed");
		reasons.push(
			makeReason(id, `${name} ${field}`, `${field} of ${name} changes.`, {
				evidence: differencesOf(from, to, field).map(describeDifference),
				...(id === "setting-changed" && isOwn(field) && { wayOut: ofOwn }),
			}),
		);
	}
	return reasons;
}

const ofOwn =
	"Your own values change it: check that this is what you want, and what relies on the old one.";

/** The part of a path that is reported, e.g. `thanos.objectStorageConfig`; nothing below a list. */
function settingOf(path: string): string[] {
	const [first = "", second] = (path.split("[")[0] ?? "").split(".");
	return second === undefined ? [first] : [first, second];
}

function specialCase(
	field: string,
	old: Manifest,
	now: Manifest,
): ReasonId | undefined {
	const to = at(now.spec, field);
	if (/^thanos(\.objectStorageConfig.*)?$/.test(field) && isEmpty(to))
		return "uploads-lost";
	if (field === "enableRemoteWriteReceiver" && !to) return "receiver-off";
	// What Alertmanager keeps for a shorter time is over anyway.
	if (now.kind === "Alertmanager") return undefined;
	const isShort = isShorter(now.spec, old.spec);
	if (field === "retention" && isShort) return "retention-shortened";
	// Without any limit the operator takes a time.
	const hasSameTime = isEqual(
		at(old.spec, "retention"),
		at(now.spec, "retention"),
	);
	return field === "retentionSize" &&
		(isSmaller(now.spec, old.spec) || (isShort && hasSameTime))
		? "retention-shortened"
		: undefined;
}

function specOf(object: Manifest): Record<string, unknown> {
	return asObject(object.spec);
}

function comparePods(old: Manifest, now: Manifest): Reason[] {
	const template = (each: Manifest) => at(each, "spec.template");
	const changed = differencesOf(template(old), template(now), "").filter(
		(each: Difference) => !/\.image$/.test(each.path),
	);
	const worse = worseIn(old, now);
	return changed.length === 0
		? []
		: [
				makeReason(
					"workload-changed",
					nameOf(now),
					[
						`The pods of ${nameOf(now)} are replaced, with other settings.`,
						...worse,
					].join(" "),
					{
						evidence: changed.map(describeDifference),
						...(worse.length > 0 && {
							danger: "review" as const,
							wayOut:
								"Check that your nodes, registries and volumes still take the pods; set the old values otherwise.",
						}),
					},
				),
			];
}

/** The templates that the operator makes volume claims from. */
function compareVolumeClaimTemplates(a: Side, b: Side): Reason[] {
	return pair(a, b, ...operatorWorkloads).both.flatMap(([old, now]) => {
		const from = specOf(old)[storage];
		const to = specOf(now)[storage];
		if (isEqual(from, to)) return [];
		const dropped = hasVolumeClaim(old) && !hasVolumeClaim(now);
		const evidence = describeStorageChange(from, to);
		if (hasVolumeClaim(old) && hasVolumeClaim(now)) {
			const [before, after] = [placeOfData(old), placeOfData(now)];
			if (before !== after)
				return [
					makeReason(
						"data-left-behind",
						nameOf(now),
						`${nameOf(now)} had its data in ${before}, and now looks for it in ${after}: it begins with none.`,
						{
							evidence,
							wayOut:
								"Keep the name of the volume claim template and disableMountSubPath as they were, or copy the data.",
						},
					),
				];
		}
		return [
			makeReason(
				dropped ? "volume-dropped" : "volume-claim-template-changed",
				nameOf(now),
				dropped
					? `${nameOf(now)} no longer asks for a volume: its old data stays in the old volume claim, and new data is lost with the pod.`
					: `The volume claim template of ${nameOf(now)} changes.`,
				{ evidence },
			),
		];
	});
}

/** The volume claim of a workload of the operator's, and the folder in it. */
function placeOfData(object: Manifest): string {
	const { spec } = object;
	const name =
		textAt(spec, "storage.volumeClaimTemplate.metadata.name") ||
		usualClaimName(object);
	const folder =
		at(spec, "storage.disableMountSubPath") === true
			? "the root"
			: "its usual folder";
	return `${folder} of the volume claims ${name}`;
}
