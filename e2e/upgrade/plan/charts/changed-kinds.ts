import type { Manifest } from "../../../clients/kube-objects.ts";
import { podWorkloads } from "./operator-kinds.ts";

/** Workloads that are removed and come back under the same name as another kind, as Grafana with `persistence.type`. */
export function changedKinds(
	gone: readonly Manifest[],
	added: readonly Manifest[],
): [Manifest, Manifest][] {
	return gone.flatMap((old): [Manifest, Manifest][] => {
		const now =
			podWorkloads.includes(old.kind) &&
			added.find(
				({ kind, metadata }) =>
					podWorkloads.includes(kind) &&
					metadata.name === old.metadata.name &&
					metadata.namespace === old.metadata.namespace,
			);
		return now ? [[old, now]] : [];
	});
}
