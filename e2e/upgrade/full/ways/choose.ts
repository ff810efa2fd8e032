import { isMovedBeside } from "../../plan/tool/crds.ts";
import type { ToolChoice } from "../../tools/choice.ts";
import type { Tool } from "../../tools/tool.ts";
import type { TrialOptions } from "../../trial.ts";
import { makeArgoWay } from "./argo.ts";
import { makeFluxWay } from "./flux.ts";
import { makeHelmWay } from "./helm.ts";
import type { UpgradeWay, WaySurroundings } from "./way.ts";

/** What a person said of the CRDs. */
export type CrdsWish = Pick<TrialOptions, "skipCrds" | "applyCrds">;

/** The way of the tool that a person or a repository names, or that of the chart's guide, which is Helm 3's after the CRDs. */
export function makeWay(
	choice: ToolChoice | undefined,
	wish: CrdsWish,
	surroundings: WaySurroundings,
): UpgradeWay {
	const way = wayOf(choice && toldOf(choice.tool, wish), surroundings);
	if (!areCrdsFirst(choice, wish)) return way;
	const { kube, charts, stage } = surroundings;
	return {
		...way,
		upgrade: async () => {
			await stage("CRDs", () => kube.apply(charts.to.crds));
			await way.upgrade();
		},
	};
}

function wayOf(
	tool: Tool | undefined,
	surroundings: WaySurroundings,
): UpgradeWay {
	switch (tool?.name) {
		case "flux":
			return makeFluxWay(surroundings, tool);
		case "argo":
			return makeArgoWay(surroundings, tool);
		default:
			return makeHelmWay(surroundings);
	}
}

/** With --skip-crds, no tool brings CRDs. */
function toldOf(tool: Tool, { skipCrds }: CrdsWish): Tool {
	return skipCrds ? { ...tool, crds: "kept" } : tool;
}

/**
 * Whether something applies the new CRDs before the tool: the person, as the chart's guide says, or what brings them in
 * the same change of a repository. Nobody knows who applies what Kustomize renders, nor in which order.
 */
export function areCrdsFirst(
	choice: ToolChoice | undefined,
	{ skipCrds, applyCrds }: CrdsWish,
): boolean {
	if (skipCrds) return false;
	if (applyCrds || !choice || choice.tool.name === "kustomize") return true;
	return choice.tool.crds === "unknown" || isMovedBeside(choice.crdsSource);
}
