import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { stringAt, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Side } from "../charts/side.ts";
import { isSameInstallation } from "./sides.ts";

/** What sets `spec.replicas` of a workload beside its chart. */
const scalers = ["HorizontalPodAutoscaler", "ScaledObject"];

/**
 * Replicas that both the chart and an autoscaler set. Server-side apply knows the autoscaler as the field's owner: Helm 4
 * fails with a conflict, as in https://github.com/zarf-dev/zarf/pull/4350; Flux and Argo CD take the field over, and
 * Helm 3 sets it back by its three-way merge.
 */
export function findConflicts(a: Side, b: Side, tool: Tool): Reason[] {
	if (isSameInstallation(a, b)) return [];
	const before = new Set(
		scaledWithReplicas(a).map(([, workload]) => nameOf(workload)),
	);
	return scaledWithReplicas(b).map(([scaler, workload]) => {
		// With the old chart it was the same, and the release is there.
		const isOld = before.has(nameOf(workload));
		const isConflict = tool.apply === "inherited" && !tool.forces;
		const both = `${nameOf(scaler)} and the chart both set spec.replicas of ${nameOf(workload)}`;
		return makeReason(
			"apply-conflicts",
			`${nameOf(workload)} spec.replicas`,
			isConflict
				? `${both}: Helm 4 stops there with a conflict once it has scaled, if the release was installed server-side.`
				: `${both}: ${tool.title} sets it back to ${yamlAt(workload, "spec", "replicas")} until it scales again.`,
			{ danger: isConflict && !isOld ? "review" : "note" },
		);
	});
}

function scaledWithReplicas({ objects }: Side): [Manifest, Manifest][] {
	return objects
		.filter(({ kind }) => scalers.includes(kind))
		.flatMap((scaler): [Manifest, Manifest][] => {
			const target = (key: string) =>
				stringAt(scaler, "spec", "scaleTargetRef", key);
			const workload = objects.find(
				({ kind, metadata: { name, namespace } }) =>
					kind === (target("kind") ?? "Deployment") &&
					name === target("name") &&
					namespace === scaler.metadata.namespace,
			);
			return workload && yamlAt(workload, "spec", "replicas") !== undefined
				? [[scaler, workload]]
				: [];
		});
}
