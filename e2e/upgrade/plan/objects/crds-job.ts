import { isEqual } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { nameOf } from "../../../clients/kube-objects.ts";
import { mapsAt, textsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";

/**
 * The job that applies the chart's CRDs before an upgrade: `crds.upgradeJob.enabled`, since chart 68.4.0
 * (https://github.com/prometheus-community/helm-charts/pull/5175). It is found by what it does: `kubectl apply` of CRDs
 * in a hook.
 */
export function findCrdsJob(hooks: readonly Manifest[]): Manifest | undefined {
	return hooks.find(
		(each) =>
			each.kind === "Job" &&
			/\bpre-upgrade\b/.test(
				each.metadata.annotations?.["helm.sh/hook"] ?? "",
			) &&
			commandsOf(each).some(
				(command) =>
					command.includes("apply") && /crds?\b/.test(command.join(" ")),
			),
	);
}

function commandsOf(job: Manifest): string[][] {
	return mapsAt(job, "spec", "template", "spec", "containers").map((each) => [
		...textsAt(each, "command"),
		...textsAt(each, "args"),
	]);
}

/**
 * CRDs that change, and are applied by a job that stops at fields of others. It forces conflicts by
 * `crds.upgradeJob.forceConflicts`, which is there since chart 69.1.0 and the default since 88.0.0
 * (https://github.com/prometheus-community/helm-charts/issues/5287).
 */
export function compareCrdsJob(a: Side, b: Side): Reason[] {
	const job = findCrdsJob(b.hooks);
	const isForcing =
		job && commandsOf(job).some((each) => each.includes("--force-conflicts"));
	if (!job || isForcing || isEqual(a.crds, b.crds)) return [];
	return [
		makeReason(
			"crds-job-conflicts",
			nameOf(job),
			`${nameOf(job)} applies the new CRDs and stops at fields that another one set, such as Helm or Flux, who installed them: the upgrade fails with it.`,
		),
	];
}
