import { isEqual } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { describeDifference, differencesOf } from "../charts/differences.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { takesAway } from "./annotations.ts";

/** Labels and annotations that change; who of the chart selects by them is found elsewhere. */
export function compareLabels(a: Side, b: Side): Reason[] {
	const found = pairByKey(
		[...a.objects, ...a.hooks],
		[...b.objects, ...b.hooks],
		objectKey,
	).both.flatMap(([{ metadata: old }, now]) => {
		const found = (["labels", "annotations"] as const).flatMap((field) =>
			differencesOf(old[field] ?? {}, now.metadata[field] ?? {}, field),
		);
		if (found.length === 0) return [];
		const missed = [
			...missedIn(old.labels, now.metadata.labels),
			...missedIn(old.annotations, now.metadata.annotations),
		];
		return [
			makeReason(
				"labels-changed",
				nameOf(now),
				missed.length === 0
					? `Labels or annotations of ${nameOf(now)} change.`
					: `${missed.join(", ")} of ${nameOf(now)} changes, by which something else protects it, leads to it or keeps it.`,
				{
					evidence: found.map(describeDifference),
					...(missed.length > 0 && { danger: "review" as const }),
				},
			),
		];
	});
	const alike = Map.groupBy(found, ({ danger, evidence }) =>
		JSON.stringify([danger, evidence]),
	);
	return [...alike.values()].flatMap((each) =>
		each.length > mostAlike && each.every(({ danger }) => danger === "note")
			? [together(each)]
			: each,
	);
}

/** More objects whose labels change in the same way than this are told in one reason. */
const mostAlike = 3;

function together(alike: readonly Reason[]): Reason {
	const [first] = alike;
	const changes = first?.evidence ?? [];
	return makeReason(
		"labels-changed",
		changes.join(", "),
		`Labels or annotations of ${alike.length} objects change in the same way.`,
		{ evidence: [...changes, ...alike.map(({ subject }) => subject)] },
	);
}

/** The names of those that others rely on and that are gone or changed. */
function missedIn(
	before: Manifest["metadata"]["labels"] = {},
	after: Manifest["metadata"]["labels"] = {},
): string[] {
	return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
		(name) =>
			!isEqual(before[name], after[name]) &&
			takesAway(name, { from: before[name], to: after[name] }),
	);
}
