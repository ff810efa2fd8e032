import { isEqual } from "es-toolkit";
import { narrowedIn } from "../../../common/promql/narrowed.ts";
import type { ReasonDetails } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import type { DeclaredRule } from "./rule-schema.ts";

/** What alerts of one name no longer cover. */
export interface Narrowing {
	/** A sentence that goes on. */
	readonly says: string;
	readonly details: Pick<ReasonDetails, "danger" | "wayOut">;
}

export type FindNarrowing = (
	old: readonly DeclaredRule[],
	now: readonly DeclaredRule[],
) => Narrowing | undefined;

/**
 * Finds where an alert covers less than before, and is the same otherwise. With another chart, its authors may have
 * named more precisely what they mean, so that only namespaces are judged, which a value decides.
 */
export function makeFindNarrowing(a: Side, b: Side): FindNarrowing {
	const versionOf = ({ stack, version }: Side) => stack?.version ?? version;
	const isSameChart = versionOf(a) === versionOf(b);
	return (old, now) => {
		const [first] = now
			.filter(({ expr }) => !old.some((each) => each.expr === expr))
			.flatMap((rule) =>
				old
					.filter((each) => isSameButForExpression(each, rule))
					.slice(0, 1)
					.flatMap((each) => narrowedIn(each.expr, rule.expr)),
			)
			.filter(
				({ label }) =>
					label === "namespace" || (isSameChart && label !== "job"),
			);
		return (
			first && {
				says: `: it looked at ${first.metric} with ${first.from}, and now only at that with ${first.to}`,
				details: {
					danger: "review",
					wayOut:
						"Check that you need no alert for what it no longer covers (defaultRules.appNamespacesTarget, or your own rule).",
				},
			}
		);
	};
}

function isSameButForExpression(old: DeclaredRule, now: DeclaredRule): boolean {
	return (
		isEqual(old.labels, now.labels) &&
		old.for === now.for &&
		old.keep_firing_for === now.keep_firing_for
	);
}
