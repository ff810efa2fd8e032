import type { Reason } from "../../reasons.ts";
import type { ToolChoice } from "../../tools/choice.ts";
import type { Side } from "../charts/side.ts";
import { findDuplicates, findTooLarge } from "./apply.ts";
import { findConflicts } from "./conflicts.ts";
import { type CrdsByHand, withBroughtCrds } from "./crds.ts";
import { findCrdsElsewhere } from "./crds-elsewhere.ts";
import { findHooks } from "./hooks.ts";
import { findLeftCrds } from "./left-crds.ts";
import { findPrunedCrds } from "./pruned-crds.ts";
import { findPruning } from "./pruning.ts";
import { findRandom } from "./random.ts";

/** Where the way out with Argo CD is another one than with Helm. */
const waysOutOfArgo: Readonly<Record<string, string>> = {
	"volume-claim-gone":
		"Annotate it with argocd.argoproj.io/sync-options: Prune=false before the sync.",
};

/** Reasons as they are for an upgrade with a tool, and those that only the tool brings. */
export function asToolDoesIt(
	reasons: readonly Reason[],
	a: Side,
	b: Side,
	said: ToolChoice,
	byHand: CrdsByHand = {},
): Reason[] {
	const choice = toldBy(said, byHand);
	const { tool } = choice;
	const adapted = withBroughtCrds(reasons, b, tool, byHand);
	return [
		...(tool.name === "argo" ? adapted.map(withArgosWayOut) : adapted),
		...findLeftCrds(a, b, choice, byHand),
		...findPrunedCrds(a, b, said),
		...findCrdsElsewhere(a, b, choice),
		...[
			findTooLarge,
			findDuplicates,
			findConflicts,
			findRandom,
			findHooks,
			findPruning,
		].flatMap((find) => find(a, b, tool)),
	];
}

/** With --skip-crds, no tool brings CRDs. */
function toldBy(choice: ToolChoice, { skipCrds }: CrdsByHand): ToolChoice {
	return skipCrds
		? { ...choice, tool: { ...choice.tool, crds: "kept" } }
		: choice;
}

function withArgosWayOut(each: Reason): Reason {
	return {
		...each,
		wayOut: waysOutOfArgo[each.id] ?? each.wayOut,
		consequences: each.consequences.map(withArgosWayOut),
	};
}
