import { isEqual } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { at } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import { pair } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { writtenFlagsOf } from "../monitoring/operator-pods.ts";

/**
 * Workloads of which a label, an annotation or a flag of the pods changes in any way, also a label of the chart's
 * version or a checksum: the pods are replaced, although nothing in them means anything else.
 *
 * @param a as it is rendered, not settled
 */
export function rewrittenPods(a: Side, b: Side): Set<string> {
	return new Set(
		pair(a, b, "Deployment", "StatefulSet", ...operatorWorkloads)
			.both.filter(([old, now]) => !isEqual(writtenIn(old), writtenIn(now)))
			.map(([, now]) => objectKey(now)),
	);
}

function writtenIn(workload: Manifest): unknown[] {
	return [
		...["spec.template.metadata", "spec.podMetadata"].flatMap((place) => [
			at(workload, `${place}.labels`) ?? {},
			at(workload, `${place}.annotations`) ?? {},
		]),
		...writtenFlagsOf(workload),
	];
}
