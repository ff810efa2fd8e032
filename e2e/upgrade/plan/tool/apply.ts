import { countBy, isEqual } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import {
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Tool } from "../../tools/tool.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { areRendered } from "./crds.ts";

/**
 * Bytes that all annotations of an object may have together; client-side apply keeps the whole object in one.
 * https://github.com/prometheus-community/helm-charts/pull/7277
 */
const longestAnnotations = 262_144;

/** Of an object of its own: wins over the Application's. */
const optionsAnnotation = "argocd.argoproj.io/sync-options";

/** Argo CD's options for this object, e.g. `Replace=true`. */
export function syncOptionsOf({
	metadata,
}: Pick<Manifest, "metadata">): string[] {
	return (metadata.annotations?.[optionsAnnotation] ?? "")
		.split(",")
		.map((each) => each.trim())
		.filter((each) => each !== "");
}

/** The bytes that client-side apply keeps of an object. */
function bytesOf(object: Manifest): number {
	return Buffer.byteLength(JSON.stringify(object));
}

/** Whether client-side apply cannot change an object, because it does not fit into the annotation. */
export function isTooLarge(object: Manifest): boolean {
	return bytesOf(object) > longestAnnotations;
}

/** Objects that are new or differ, CRDs and hooks too. */
function appliedAnew(a: Side, b: Side, tool: Tool): Manifest[] {
	const all = (side: Side): Manifest[] => [
		...(areRendered(tool, b) ? side.crds : []),
		...side.objects,
		...side.hooks,
	];
	const { both, added } = pairByKey(all(a), all(b), objectKey);
	return [
		...both.filter(([old, now]) => !isEqual(old, now)).map(([, now]) => now),
		...added,
	];
}

/** Objects that client-side apply cannot change, because they are too large for its annotation. */
export function findTooLarge(a: Side, b: Side, tool: Tool): Reason[] {
	if (tool.apply !== "client-side") return [];
	const large = appliedAnew(a, b, tool)
		.filter(
			(each) =>
				!syncOptionsOf(each).some((option) =>
					["ServerSideApply=true", "Replace=true"].includes(option),
				),
		)
		.filter(isTooLarge)
		.map((each) => ({ name: nameOf(each), bytes: bytesOf(each) }));
	if (large.length === 0) return [];
	const count =
		large.length === 1 ? "An object is" : `${large.length} objects are`;
	const condition = tool.settings ? "" : " unless ServerSideApply=true is set";
	return [
		makeReason(
			"apply-too-large",
			"objects",
			`${count} too large for client-side apply, which keeps each in an annotation of at most ${longestAnnotations} bytes: the sync fails there${condition}.`,
			{
				evidence: large.map(({ name, bytes }) => `${name}: ${bytes} bytes`),
				wayOut: `Add ServerSideApply=true to spec.syncPolicy.syncOptions${tool.settings ? ` in ${tool.settings.place.file}` : ""}.`,
				danger: tool.settings ? "unsafe" : "review",
			},
		),
	];
}

/** Lists whose items have keys, and the fields of the key: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy */
const keyedLists: readonly (readonly [string, readonly string[]])[] = [
	["env", ["name"]],
	["ports", ["containerPort", "protocol"]],
	["volumeMounts", ["mountPath"]],
];

/**
 * Items of lists that have the same key, where the old chart had no such items. Client-side, the last one wins;
 * server-side apply refuses the object. https://github.com/helm/helm/issues/31529
 */
export function findDuplicates(a: Side, b: Side, tool: Tool): Reason[] {
	if (tool.apply !== "server-side" && tool.apply !== "inherited") return [];
	const before = new Set(allDuplicates(a));
	const found = allDuplicates(b).filter((each) => !before.has(each));
	if (found.length === 0) return [];
	const isSure = tool.apply === "server-side";
	return [
		makeReason(
			"apply-duplicates",
			"objects",
			`Server-side apply refuses objects with two items of one key in a list: the upgrade fails there${isSure ? "" : ", if the release was installed server-side"}.`,
			{ evidence: found, danger: isSure ? "unsafe" : "review" },
		),
	];
}

function allDuplicates({ objects, hooks }: Side): string[] {
	return [...objects, ...hooks].flatMap((object) =>
		duplicatesIn(object).map((each) => `${nameOf(object)}: ${each}`),
	);
}

function duplicatesIn(object: Manifest): string[] {
	const pod = ["spec", "template", "spec"];
	return [
		...mapsAt(object, ...pod, "containers"),
		...mapsAt(object, ...pod, "initContainers"),
	]
		.flatMap((container) => [
			...keyedLists.flatMap(([list, keys]) =>
				repeated(mapsAt(container, list), keys).map(
					(key) => `${list} ${key} of ${stringAt(container, "name")}`,
				),
			),
		])
		.concat(
			repeated(mapsAt(object, ...pod, "volumes"), ["name"]).map(
				(key) => `volumes ${key}`,
			),
		);
}

function repeated(
	items: readonly YamlMap[],
	keys: readonly string[],
): string[] {
	const counts = countBy(items, (item) =>
		keys
			.map((key) => stringAt(item, key) ?? (key === "protocol" ? "TCP" : ""))
			.join("/"),
	);
	return Object.entries(counts).flatMap(([key, count]) =>
		count > 1 ? [key] : [],
	);
}
