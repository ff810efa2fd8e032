import { posix } from "node:path";
import type { ReleaseOrigin } from "../options.ts";
import { findCrdsJob } from "../plan/objects/crds-job.ts";
import { makeArgoSteps } from "./steps/argo.ts";
import { applyCrds } from "./steps/chart-arguments.ts";
import { makeFluxSteps } from "./steps/flux.ts";
import { makeHelmSteps } from "./steps/helm.ts";
import { hasReason, type PlannedUpgrade } from "./steps/upgrade.ts";

/** The last lines of a report: the commands for the upgrade, or the change to merge, of the tool that does it. */
export function makeCommands(upgrade: PlannedUpgrade): string[] {
	const { choice, origin } = upgrade.charts.options;
	if (choice?.tool.name === "flux") return makeFluxSteps(upgrade, choice);
	if (choice?.tool.name === "argo") return makeArgoSteps(upgrade, choice);
	return origin && !choice?.isNamed
		? makeMergeSteps(upgrade, origin)
		: makeHelmSteps(upgrade);
}

/** Where a repository is what is installed, by something else that uses Helm or Kustomize. */
function makeMergeSteps(
	upgrade: PlannedUpgrade,
	{ deployer, file }: ReleaseOrigin,
): string[] {
	const { to, options } = upgrade.charts;
	const hasJob = upgrade.after && findCrdsJob(upgrade.after.hooks);
	const isOpen =
		options.choice?.tool.crds === "unknown" && to.crds.length > 0 && !hasJob;
	const isController = ["Fleet", "k3s"].includes(deployer);
	return [
		...(hasReason(upgrade, "crds-left-behind") || isOpen
			? [
					"# the CRDs first, unless something else applies them: Helm leaves them as they are",
					applyCrds(to),
				]
			: []),
		isController
			? `# merge the change: ${deployer} upgrades what ${file} says`
			: "# merge the change, and apply it as you always do, such as:",
		...commandOf(deployer, file, to.loaded.release.name),
	];
}

function commandOf(deployer: string, file: string, name: string): string[] {
	switch (deployer) {
		case "Helmfile":
			return [`helmfile --file ${file} --selector name=${name} apply`];
		case "Terraform":
			return [`terraform -chdir=${posix.dirname(file)} apply`];
		case "Kustomize":
			return [
				`kubectl kustomize --enable-helm ${posix.dirname(file)} | kubectl apply --server-side -f -`,
			];
		case "Helm":
			return [`# ${file}`];
		default:
			return [];
	}
}
