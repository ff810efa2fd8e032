import type { Tool } from "../../tools/tool.ts";
import { bringCrds } from "./crds.ts";
import { helmComponentOf } from "./helm-component.ts";
import { installByHelm } from "./install-by-helm.ts";
import type { UpgradeWay, WayChart, WaySurroundings } from "./way.ts";

/**
 * Flux' helm-controller: the CRDs as `spec.upgrade.crds` says, then the upgrade of the Helm that it has in it. Since Flux
 * 2.8 that is Helm 4, and the controller forces conflicts. Back is the old revision in Git, which is an upgrade, too. The
 * controller also waits for workloads, by default for five minutes; here the rollout is a stage of its own. Source:
 * https://github.com/fluxcd/helm-controller/blob/main/docs/spec/v2/helmreleases.md
 */
export function makeFluxWay(
	surroundings: WaySurroundings,
	tool: Tool,
): UpgradeWay {
	const { charts, stage } = surroundings;
	const { crds } = tool;
	const forward = "helm upgrade by Flux";
	const back = "helm upgrade by Flux to the old revision";
	const flags = fluxFlags(tool);
	const move = async (chart: WayChart) => {
		if (crds === "created" || crds === "replaced")
			await bringCrds(crds, chart, surroundings);
		await installByHelm(chart, surroundings, flags);
	};
	return {
		forward,
		back,
		wayOut:
			"Fix what its message names; the release stays half upgraded until Flux has reconciled another revision, or rolled it back by spec.upgrade.remediation.",
		installAgain: () => move(charts.from),
		upgrade: () => stage(forward, () => move(charts.to)),
		rollBack: () => move(charts.from),
	};
}

/** Flags of `helm upgrade` with the effect of a HelmRelease's settings. */
export function fluxFlags(tool: Tool): string[] {
	const isHelm4 = helmComponentOf(tool) === "helm4";
	return [
		...(tool.hooks === "none" ? ["--no-hooks"] : []),
		...(tool.forces && isHelm4 ? ["--force-conflicts"] : []),
	];
}
