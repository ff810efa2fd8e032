import type { HelmComponent } from "../../../harness/set-up/materials.ts";
import type { Tool } from "../../tools/tool.ts";

/**
 * The Helm that a tool upgrades with. What Helm 4 installs is server-side from its first revision on, so for Helm 4 and
 * for Flux with it, it installs the first chart, too. Argo CD renders with Helm 3.
 */
export function helmComponentOf(tool: Tool | undefined): HelmComponent {
	if (tool?.name === "helm4") return "helm4";
	return tool?.name === "flux" && tool.apply !== "three-way-merge"
		? "helm4"
		: "helm";
}
