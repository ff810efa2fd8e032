import { isEqual } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { at } from "./fields.ts";
import { operatorWorkloads } from "./operator-kinds.ts";
import { pair } from "./pairs.ts";
import { objectKey, type Side } from "./side.ts";

/**
 * Workloads of which a label or an annotation of the pods changes in any way, also one of the chart's version or a
 * checksum: the pods are replaced, although nothing in them differs.
 *
 * @param a as it is rendered, not settled
 */
export function relabelledPods(a: Side, b: Side): Set<string> {
	return new Set(
		pair(a, b, "Deployment", "StatefulSet", ...operatorWorkloads)
			.both.filter(([old, now]) => !isEqual(podMetadata(old), podMetadata(now)))
			.map(([, now]) => objectKey(now)),
	);
}

function podMetadata(workload: Manifest): unknown {
	return ["spec.template.metadata", "spec.podMetadata"].flatMap((place) => [
		at(workload, `${place}.labels`) ?? {},
		at(workload, `${place}.annotations`) ?? {},
	]);
}
