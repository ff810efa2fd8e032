import { partition } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import type { ReasonId } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { type Difference, describeDifference } from "./differences.ts";

/**
 * Reports what differs in an object: what matters by a reason of its own, the rest in a note.
 *
 * @param change what the object does, e.g. `changes`
 */
export function reportDifferences(
	now: Manifest,
	found: readonly Difference[],
	id: ReasonId,
	matters: (difference: Difference) => boolean,
	change = "changes",
): Reason[] {
	const [important, others] = partition(found, matters);
	return (
		[
			[id, important],
			["object-differs", others],
		] as const
	).flatMap(([each, differences]) =>
		differences.length === 0
			? []
			: [
					makeReason(each, nameOf(now), `${nameOf(now)} ${change}.`, {
						evidence: differences.map(describeDifference),
					}),
				],
	);
}
