import { makeReason, type Reason } from "../../reasons.ts";
import type { ToolChoice } from "../../tools/choice.ts";
import type { Side } from "../charts/side.ts";
import { areRendered } from "./crds.ts";
import { isPrunable } from "./pruning.ts";

/** CRDs that Argo CD brought so far and no longer brings: it prunes them, and the API server deletes every object of their kinds. */
export function findPrunedCrds(
	a: Side,
	b: Side,
	{ tool, before }: ToolChoice,
): Reason[] {
	const pruned = a.crds.filter(
		(each) =>
			isPrunable(each) && !b.templatedCrds?.includes(each.metadata.name),
	);
	const isPruned =
		tool.name === "argo" &&
		before?.name === "argo" &&
		tool.prunes === true &&
		areRendered(before, a) &&
		!areRendered(tool, b) &&
		pruned.length > 0;
	const how =
		tool.crds === "kept"
			? "is now told to skip them"
			: "no longer has them, because crds.enabled is false in your values";
	return isPruned
		? [
				makeReason(
					"crds-pruned",
					"CRDs",
					`${tool.title} brought the CRDs and ${how}: it prunes them, and every object of their kinds is deleted with them.`,
					{ evidence: pruned.map(({ metadata }) => metadata.name) },
				),
			]
		: [];
}
