import type { Tool } from "./tool.ts";

/** The major versions of Helm that are in use. */
export type HelmMajor = 3 | 4;

/**
 * Helm, also inside another tool. No version of Helm updates the CRDs of a chart's `crds/` folder:
 * https://helm.sh/docs/chart_best_practices/custom_resource_definitions/. Helm 3 patches by a three-way merge
 * (https://helm.sh/docs/faq/changes_since_helm2/). Helm 4 has `helm upgrade --server-side=auto`, which takes the method
 * of the release's last revision, so that what Helm 3 installed stays client-side; a conflict fails the upgrade
 * without `--force-conflicts` (helm/helm, pkg/cmd/upgrade.go, and https://helm.sh/community/hips/hip-0023).
 *
 * @param runner what has it in it or runs it, e.g. Helmfile
 */
export function makeHelm(major: HelmMajor, runner?: string): Tool {
	return {
		name: major === 3 ? "helm3" : "helm4",
		title: `${runner ? `${runner} with ` : ""}Helm ${major}`,
		crds: "kept",
		hooks: "helm",
		looksUp: true,
		prunes: true,
		apply: major === 3 ? "three-way-merge" : "inherited",
		forces: false,
		settings: undefined,
	};
}
