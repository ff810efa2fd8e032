import { mapAt, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { kinds } from "../../reason-kinds.ts";
import type { Reason } from "../../reasons.ts";
import type { CrdsSource } from "../../tools/choice.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Side } from "../charts/side.ts";
import { findCrdsJob } from "../objects/crds-job.ts";

/** What a person said of the CRDs, whatever the tool does. */
export interface CrdsByHand {
	/** As by --skip-crds. */
	readonly skipCrds?: boolean;
	/** As by --apply-crds. */
	readonly applyCrds?: boolean;
	/** What applies the new ones. */
	readonly command?: string | undefined;
}

/** What brings the new chart's CRDs: the tool, a job of the chart, or nothing, for those that exist already. */
export type CrdsBringer = "tool" | "job" | undefined;

export function crdsBringer(tool: Tool, side: Side): CrdsBringer {
	if (findCrdsJob(side.hooks) && tool.hooks !== "none") return "job";
	const { crds, templatedCrds = [] } = side;
	const arePartOfRelease =
		templatedCrds.length > 0 && crds.length === templatedCrds.length;
	return arePartOfRelease || areRendered(tool, side) ? "tool" : undefined;
}

/** Whether values say that the chart's CRDs are not its business. Nothing of that subchart is installed then, by whatever. */
export function areCrdsOff({
	values,
	stack,
}: Pick<Side, "values" | "stack">): boolean {
	return [values, stack?.values, mapAt(values, "kube-prometheus-stack")].some(
		(each) => yamlAt(each, "crds", "enabled") === false,
	);
}

/** Whether the tool applies the CRDs of the chart's `crds/` folder with the rest. */
export function areRendered(tool: Tool, side: Side): boolean {
	return tool.crds === "replaced" && !areCrdsOff(side);
}

/** Whether the same change moves what brings the CRDs beside the chart; a version that cannot be told may be any. */
export function isMovedBeside(source: CrdsSource | undefined): boolean {
	return (
		source !== undefined &&
		source.after !== "" &&
		(source.before !== source.after || !/\d/.test(source.after))
	);
}

/**
 * A CRD that the new chart no longer has, as a tool leaves or deletes it. Flux deletes none of a `crds/` folder, either:
 * https://fluxcd.io/flux/components/helm/helmreleases/#controlling-the-lifecycle-of-custom-resource-definitions
 */
function goneWith(each: Reason, b: Side, tool: Tool): Reason[] {
	const { subject: name } = each;
	// As part of the release.
	const isDeleted = each.danger === "unsafe";
	if (tool.name !== "argo")
		return [
			{
				...each,
				what: each.what
					.replace("Helm leaves CRDs alone", `${tool.title} deletes no CRDs`)
					.replace("Helm deletes", `${tool.title} deletes`),
			},
		];
	const isStillThere = b.crds.some(({ metadata }) => metadata.name === name);
	if (isStillThere && areRendered(tool, b)) return [];
	if (tool.prunes && (isDeleted || tool.crds === "replaced"))
		return [
			{
				...each,
				danger: "unsafe",
				what: `The new chart no longer has ${name}, and ${tool.title} prunes it: every object of its kind is deleted with it.`,
				wayOut: keepFromPruning("the CRD"),
			},
		];
	const why =
		isDeleted || tool.crds === "replaced"
			? "automated.prune is not set"
			: `${tool.title} deletes no CRDs`;
	return [
		{
			...each,
			danger: "review",
			what: `${name} stays in the cluster, because ${why}, but the new chart no longer has it.`,
			wayOut: kinds["crd-gone"].wayOut,
		},
	];
}

function keepFromPruning(what: string): string {
	return `Annotate ${what} in the cluster with argocd.argoproj.io/sync-options: Prune=false before the sync.`;
}

/** Reasons about CRDs, where something brings the new ones, or deletes those that are gone. */
export function withBroughtCrds(
	reasons: readonly Reason[],
	b: Side,
	tool: Tool,
	{ applyCrds }: CrdsByHand,
): Reason[] {
	const bringer = applyCrds ? "hand" : crdsBringer(tool, b);
	const who = {
		hand: "you apply",
		job: "the chart's own job applies",
		tool: `${tool.title} applies`,
	};
	const adapt = (each: Reason): Reason[] => {
		const consequences = each.consequences.flatMap(adapt);
		if (each.id === "crd-gone") return goneWith(each, b, tool);
		if (!bringer || !/^crds-(changed|needed-first)$/.test(each.id))
			return [{ ...each, consequences }];
		return [
			{
				...each,
				consequences,
				danger: "note",
				wayOut: `None needed: ${who[bringer]} the new CRDs first.`,
			},
		];
	};
	return reasons.flatMap(adapt);
}
