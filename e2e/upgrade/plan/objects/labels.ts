import { nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { describeDifference, differencesOf } from "../charts/differences.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";

/** Labels and annotations that change; who of the chart selects by them is found elsewhere. */
export function compareLabels(a: Side, b: Side): Reason[] {
	return pairByKey(
		[...a.objects, ...a.hooks],
		[...b.objects, ...b.hooks],
		objectKey,
	).both.flatMap(([{ metadata: old }, now]) => {
		const found = [
			...differencesOf(old.labels ?? {}, now.metadata.labels ?? {}, "labels"),
			...differencesOf(
				old.annotations ?? {},
				now.metadata.annotations ?? {},
				"annotations",
			),
		];
		return found.length === 0
			? []
			: [
					makeReason(
						"labels-changed",
						nameOf(now),
						`Labels or annotations of ${nameOf(now)} change.`,
						{ evidence: found.map(describeDifference) },
					),
				];
	});
}
