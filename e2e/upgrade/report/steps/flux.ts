import { areCrdsOff } from "../../plan/tool/crds.ts";
import type { ToolChoice } from "../../tools/choice.ts";
import type { Tool } from "../../tools/tool.ts";
import {
	diffOf,
	hasReason,
	introduce,
	type PlannedUpgrade,
	whereIs,
} from "./upgrade.ts";

/** The change of a HelmRelease, and Flux' command that does not wait for its interval. */
export function makeFluxSteps(
	upgrade: PlannedUpgrade,
	{ tool, crdsSource }: ToolChoice,
): string[] {
	const { charts, after } = upgrade;
	const { from, to } = charts;
	const isWritten = charts.options.origin !== undefined;
	const isOci = to.source.startsWith("oci:");
	const versions = [from.metadata.version, to.metadata.version] as const;
	const { release } = to.loaded;
	const { name, namespace } = tool.settings ?? release;
	const areLeft = hasReason(upgrade, "crds-left-behind");
	const crds = areLeft && !crdsSource?.after ? policyOf(tool) : [];
	return [
		...introduce(charts, "HelmRelease"),
		...(isWritten ||
		versions[0] === versions[1] ||
		!/^(oci|https?):/.test(to.source)
			? []
			: isOci
				? diffOf("# in your OCIRepository:", [
						" spec:",
						"   ref:",
						`-    tag: ${versions[0]}`,
						`+    tag: ${versions[1]}`,
					])
				: diffOf("# in your HelmRelease:", [
						" spec:",
						"   chart:",
						"     spec:",
						`-      version: ${versions[0]}`,
						`+      version: ${versions[1]}`,
					])),
		...diffOf(whereIs(tool, "HelmRelease"), crds),
		...(areLeft && !crdsSource?.after && after && areCrdsOff(after)
			? [
					"# set crds.enabled: true in its values, or move what applies the CRDs in the same change",
				]
			: []),
		...(crdsSource?.after && areLeft
			? [`# move ${crdsSource.name} in the same change, before the chart`]
			: []),
		"# merge the change; Flux upgrades within its interval, or at once:",
		`flux reconcile helmrelease ${name}${namespace ? ` --namespace ${namespace}` : ""} --with-source`,
	];
}

/** The policy for CRDs that replaces old ones, as a change of what is written; none if it is written already. */
function policyOf({ crds }: Tool): string[] {
	const wanted = "+    crds: CreateReplace";
	switch (crds) {
		case "replaced":
			return [];
		case "kept":
			return [" spec:", "   upgrade:", "-    crds: Skip", wanted];
		default:
			return [" spec:", "+  upgrade:", wanted];
	}
}
