import type { Reason } from "../../reasons.ts";
import type { ToolChoice } from "../../tools/choice.ts";
import type { Side } from "../charts/side.ts";
import { findDuplicates, findTooLarge } from "./apply.ts";
import { findConflicts } from "./conflicts.ts";
import { findLeftCrds, findPrunedCrds, withBroughtCrds } from "./crds.ts";
import { findHooks } from "./hooks.ts";
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
	choice: ToolChoice,
): Reason[] {
	const { tool } = choice;
	const adapted = withBroughtCrds(reasons, b, tool);
	return [
		...(tool.name === "argo" ? adapted.map(withArgosWayOut) : adapted),
		...findLeftCrds(a, b, choice),
		...findPrunedCrds(a, choice),
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

function withArgosWayOut(each: Reason): Reason {
	return {
		...each,
		wayOut: waysOutOfArgo[each.id] ?? each.wayOut,
		consequences: each.consequences.map(withArgosWayOut),
	};
}
