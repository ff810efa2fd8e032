import { isEqual, omit } from "es-toolkit";
import diff from "microdiff";
import { type Manifest, nameOf } from "../../clients/kube-objects.ts";
import { parseDuration } from "../../common/duration.ts";
import { makeReason, type Reason, type ReasonId } from "../reasons.ts";
import { selectorFields } from "./monitors.ts";
import { asObject, at, hasClaim, show, withoutVersions } from "./normal.ts";
import { objectsOf, pair, type Side } from "./side.ts";

/** What the specs of Prometheus and Alertmanager, and the pods of the other workloads, say otherwise than before. */
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
		...compareClaims(a, b),
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

/** The operator and the reloader that it puts beside each pod of its own: another one replaces all of them. */
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
	// Items of a list that shift all differ: the list is what changed.
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
	if (now.kind === "Alertmanager" && !hasClaim(now) && isReplaced)
		reasons.push(
			makeReason(
				"alertmanager-state-lost",
				name,
				`${name} has no volume and its pod is replaced: silences and the memory of what was told are gone.`,
			),
		);
	return reasons;
}

/** e.g. `thanos.objectStorageConfig`; nothing below a list. */
function settingOf(path: readonly string[]): string[] {
	const list = path.findIndex((segment) => /^\d+$/.test(segment));
	return path.slice(0, list < 0 ? 2 : Math.min(list, 2));
}

/** Fields whose absence means true. */
const onByDefault = ["walCompression", "automountServiceAccountToken"];

/** Whether a field only says what holds without it. */
function isSpelledOut(field: string, from: unknown, to: unknown): boolean {
	return (
		isNothing(from) &&
		isNothing(to) &&
		!onByDefault.includes(field) &&
		// An empty selector takes everything, an absent one nothing.
		!/Selector$/.test(field)
	);
}

function isNothing(value: unknown): boolean {
	return [undefined, null, false, 0, "", [], {}].some((each) =>
		isEqual(each, value),
	);
}

function specialCase(
	field: string,
	from: unknown,
	to: unknown,
): ReasonId | undefined {
	if (/^thanos(\.objectStorageConfig.*)?$/.test(field) && isNothing(to))
		return "uploads-lost";
	if (field === "enableRemoteWriteReceiver" && !to) return "receiver-off";
	if (field === "retention" && shorter(to, from)) return "retention-shortened";
	if (field === "retentionSize" && to && smaller(to, from))
		return "retention-shortened";
	return undefined;
}

/** Compares Prometheus' durations; the operator's own default is 24h. */
function shorter(to: unknown, from: unknown): boolean {
	return readDuration(to) < readDuration(from);
}

/** What is no duration is none; the operator refuses it. */
function readDuration(value: unknown): number {
	try {
		return parseDuration(String(value ?? "24h"));
	} catch {
		return 0;
	}
}

/** Compares sizes such as 8GB; none is no limit. */
function smaller(to: unknown, from: unknown): boolean {
	const read = (value: unknown) => {
		const [, amount, unit] =
			/^([\d.]+)([KMGTPE]?)(i?B)?$/.exec(String(value ?? "")) ?? [];
		return amount
			? Number(amount) * 1024 ** "_KMGTPE".indexOf(unit || "_")
			: Number.POSITIVE_INFINITY;
	};
	return read(to) < read(from);
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
					`The pods of ${nameOf(now)} are replaced by others with other settings.`,
					{ evidence: changed },
				),
			];
}

/** The templates from which the operator makes claims. */
function compareClaims(a: Side, b: Side): Reason[] {
	return pair(a, b, "Prometheus", "Alertmanager").both.flatMap(([old, now]) => {
		const from = specOf(old)[storage];
		const to = specOf(now)[storage];
		if (isEqual(from, to)) return [];
		const dropped = hasClaim(old) && !hasClaim(now);
		return [
			makeReason(
				dropped ? "volume-dropped" : "claim-template-changed",
				nameOf(now),
				dropped
					? `${nameOf(now)} no longer asks for a volume: what it wrote stays in the old claim, and what it writes ends with the pod.`
					: `The claim template of ${nameOf(now)} changes.`,
				{ evidence: [`from ${show(from)}`, `to ${show(to)}`] },
			),
		];
	});
}

/** Where Prometheus sends alerts. */
function compareAlerting(a: Side, b: Side): Reason[] {
	return pair(a, b, "Prometheus").both.flatMap(([old, now]) => {
		const before = reachable(a, old);
		const lost = before.filter((each) => !reachable(b, now).includes(each));
		return before.length > 0 && reachable(b, now).length === 0
			? [
					makeReason(
						"alerting-lost",
						nameOf(now),
						`${nameOf(now)} has nowhere to send alerts: ${lost.join(", ")} is gone.`,
					),
				]
			: [];
	});
}

/** Alertmanagers that Prometheus is pointed at and that the chart brings; those of others are taken to be there. */
function reachable(side: Side, prometheus: Manifest): string[] {
	const endpoints = at(prometheus, "spec.alerting.alertmanagers");
	const own = new Set(
		objectsOf(side, "Service").map(({ metadata }) => metadata.name),
	);
	return (Array.isArray(endpoints) ? endpoints : []).flatMap((each) => {
		const name = String(at(each, "name"));
		const namespace = at(each, "namespace") ?? prometheus.metadata.namespace;
		const isForeign = namespace !== prometheus.metadata.namespace;
		return isForeign || own.has(name) || name === "alertmanager-operated"
			? [name]
			: [];
	});
}
