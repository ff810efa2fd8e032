import { isEqual } from "es-toolkit";
import { mapAt, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { CrdsSource, ToolChoice } from "../../tools/choice.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Crd } from "../charts/crd-schema.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { crdVersion } from "../objects/crds.ts";
import { findCrdsJob } from "../objects/crds-job.ts";

/** What brings the new chart's CRDs: the tool, a job of the chart, or nothing, for those that exist already. */
export type CrdsBringer = "tool" | "job" | undefined;

export function crdsBringer(tool: Tool, side: Side): CrdsBringer {
	if (findCrdsJob(side.hooks) && tool.hooks !== "none") return "job";
	// Nothing of the subchart is installed then, nor applied by Argo CD.
	const isOff = [
		side.values,
		side.stack?.values,
		mapAt(side.values, "kube-prometheus-stack"),
	].some((values) => yamlAt(values, "crds", "enabled") === false);
	return tool.crds === "replaced" && !isOff ? "tool" : undefined;
}

/** Whether the same change moves what brings the CRDs beside the chart; a version that cannot be told may be any. */
export function isMovedBeside(source: CrdsSource | undefined): boolean {
	return (
		source !== undefined &&
		(source.before !== source.after || !/\d/.test(source.after))
	);
}

/** CRDs that stay behind the operator, because neither the tool nor the chart nor another chart moves them. */
export function findLeftCrds(
	a: Side,
	b: Side,
	{ tool, isNamed, crdsSource }: ToolChoice,
): Reason[] {
	const isMoved = isMovedBeside(crdsSource);
	// The commands at the end apply them first.
	const isHelmByHand = isNamed && tool.crds === "kept" && !tool.settings;
	const isUnknown = tool.crds === "unknown";
	if (crdsBringer(tool, b) || isMoved || isHelmByHand || isUnknown) return [];
	const left = leftOf(a.crds, b.crds, tool);
	if (left.length === 0) return [];
	const other = crdsSource?.after
		? `and ${crdsSource.name}, which brings them, stays at ${crdsSource.after}`
		: isNamed
			? `unless ${wayToBring(tool)}`
			: "and nothing that was read here applies them";
	const stale = tool.crds === "created" ? "those that exist" : "them";
	return [
		makeReason(
			"crds-left-behind",
			"CRDs",
			`The new operator wants CRDs of ${crdVersion(b.crds) ?? "its version"}, and they stay at ${crdVersion(a.crds) ?? "the old one"}: ${tool.title} leaves ${stale} as they are, ${other}.`,
			{
				evidence: left,
				wayOut: crdsSource
					? `Move ${crdsSource.name} in the same change, before the chart.`
					: wayOutFor(tool),
			},
		),
	];
}

/** Names of CRDs that differ or are missing once the tool is done. */
function leftOf(
	before: readonly Crd[],
	after: readonly Crd[],
	{ crds }: Tool,
): string[] {
	const { both, added } = pairByKey(
		before,
		after,
		(each) => each.metadata.name,
	);
	return [
		...both.filter(([old, now]) => !isEqual(old, now)).map(([, now]) => now),
		...(crds === "kept" ? added : []),
	].map(({ metadata }) => metadata.name);
}

function wayToBring({ name }: Tool): string {
	if (name === "flux") return "spec.upgrade.crds is CreateReplace";
	return name === "argo" ? "helm.skipCrds is false" : "something else does";
}

const job =
	"let the chart do it by crds.upgradeJob.enabled: true (since chart 68.4.0)";

function wayOutFor({ name, settings }: Tool): string {
	const where = settings ? ` in ${settings.place.file}` : "";
	if (name === "flux")
		return `Set spec.upgrade.crds: CreateReplace${where}, or ${job}.`;
	if (name === "argo")
		return `Move what applies the CRDs in the same change, or remove helm.skipCrds${where}.`;
	if (name === "kustomize")
		return `Set includeCRDs: true, or move what applies the CRDs in the same change.`;
	return `Apply them first, as the commands at the end do, or ${job}.`;
}

/** CRDs that Argo CD brought so far and no longer brings: it prunes them, and the API server deletes every object of their kinds. */
export function findPrunedCrds(
	a: Side,
	{ tool, before }: ToolChoice,
): Reason[] {
	const isPruned =
		tool.name === "argo" &&
		before?.name === "argo" &&
		tool.prunes === true &&
		before.crds === "replaced" &&
		tool.crds === "kept" &&
		a.crds.length > 0;
	return isPruned
		? [
				makeReason(
					"crds-pruned",
					"CRDs",
					`${tool.title} brought the CRDs and is now told to skip them: it prunes them, and every object of their kinds is deleted with them.`,
					{ evidence: a.crds.map(({ metadata }) => metadata.name) },
				),
			]
		: [];
}

/** Flux deletes no CRDs, either: https://fluxcd.io/flux/components/helm/helmreleases/#controlling-the-lifecycle-of-custom-resource-definitions */
function goneWith(each: Reason, tool: Tool): Reason {
	const isApplied = tool.name === "argo" && tool.crds === "replaced";
	if (!isApplied || !tool.prunes)
		return {
			...each,
			what: each.what.replace(
				"Helm leaves CRDs alone",
				isApplied
					? "automated.prune is not set"
					: `${tool.title} deletes no CRDs`,
			),
		};
	return {
		...each,
		danger: "unsafe",
		what: `The new chart no longer has ${each.subject}, and ${tool.title} prunes it: every object of its kind is deleted with it.`,
		wayOut: keepFromPruning("the CRD"),
	};
}

function keepFromPruning(what: string): string {
	return `Annotate ${what} in the cluster with argocd.argoproj.io/sync-options: Prune=false before the sync.`;
}

/** Reasons about CRDs, where something brings the new ones, or deletes those that are gone. */
export function withBroughtCrds(
	reasons: readonly Reason[],
	b: Side,
	tool: Tool,
): Reason[] {
	const bringer = crdsBringer(tool, b);
	const title = bringer === "job" ? "The chart's own job" : tool.title;
	const adapt = (each: Reason): Reason => {
		const consequences = each.consequences.map(adapt);
		if (each.id === "crd-gone") return goneWith(each, tool);
		if (!bringer || !/^crds-(changed|needed-first)$/.test(each.id))
			return { ...each, consequences };
		return {
			...each,
			consequences,
			danger: "note",
			wayOut: `None needed: ${title} applies the new CRDs first.`,
		};
	};
	return reasons.map(adapt);
}
