import type { ToolChoice } from "../../tools/choice.ts";
import {
	diffOf,
	hasReason,
	introduce,
	type PlannedUpgrade,
	whereIs,
} from "./upgrade.ts";

/** The change of an Application, and Argo CD's commands to see and to sync it. */
export function makeArgoSteps(
	upgrade: PlannedUpgrade,
	{ tool }: ToolChoice,
): string[] {
	const { charts } = upgrade;
	const { from, to } = charts;
	const isWritten = charts.options.origin !== undefined;
	const isMoved =
		from.metadata.version !== to.metadata.version &&
		/^(oci|https?):/.test(to.source);
	const name = tool.settings?.name ?? to.loaded.release.name;
	const spec = [
		...(isWritten || !isMoved
			? []
			: [
					"   source:",
					`-    targetRevision: ${from.metadata.version}`,
					`+    targetRevision: ${to.metadata.version}`,
				]),
		...(hasReason(upgrade, "apply-too-large")
			? ["   syncPolicy:", "     syncOptions:", "+      - ServerSideApply=true"]
			: []),
	];
	// What an ApplicationSet makes is written in its template.
	const lines =
		tool.settings?.kind === "ApplicationSet"
			? [
					" spec:",
					"   template:",
					"     spec:",
					...spec.map((line) => `${line.slice(0, 1)}    ${line.slice(1)}`),
				]
			: [" spec:", ...spec];
	return [
		...introduce(charts, "Application"),
		...diffOf(whereIs(tool, "Application"), lines),
		...(hasReason(upgrade, "crds-left-behind")
			? ["# move what applies the CRDs in the same change"]
			: []),
		"# merge the change; see it before, and sync it if that is not automated:",
		`argocd app diff ${name}`,
		`argocd app sync ${name}`,
		...(hasReason(upgrade, "not-pruned")
			? [
					`# to delete what the new chart no longer has, once you have read the list: argocd app sync ${name} --prune`,
				]
			: []),
	];
}
