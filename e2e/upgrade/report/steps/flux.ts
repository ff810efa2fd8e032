import type { ToolChoice } from "../../tools/choice.ts";
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
	const { charts } = upgrade;
	const { from, to } = charts;
	const isWritten = charts.options.origin !== undefined;
	const isOci = to.source.startsWith("oci:");
	const versions = [from.metadata.version, to.metadata.version] as const;
	const { release } = to.loaded;
	const { name, namespace } = tool.settings ?? release;
	const crds =
		hasReason(upgrade, "crds-left-behind") && !crdsSource
			? [" spec:", "+  upgrade:", "+    crds: CreateReplace"]
			: [];
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
		...(crdsSource && hasReason(upgrade, "crds-left-behind")
			? [`# move ${crdsSource.name} in the same change, before the chart`]
			: []),
		"# merge the change; Flux upgrades within its interval, or at once:",
		`flux reconcile helmrelease ${name}${namespace ? ` --namespace ${namespace}` : ""} --with-source`,
	];
}
