import { type ClaimResult, holds } from "../../../harness/claims/summary.ts";
import { makeReason, type Reason } from "../../reasons.ts";

/** Claims that were proven before and are refuted now. */
export function findLostClaims(
	before: readonly ClaimResult[],
	now: readonly ClaimResult[],
	reason: "claim-lost" | "rollback-claim-lost",
): Reason[] {
	const nameOf = ({ id }: ClaimResult) => id.split("/")[1] ?? id;
	const held = new Set(
		before.filter(({ status }) => holds(status)).map(nameOf),
	);
	return now
		.filter((each) => each.status === "refuted" && held.has(nameOf(each)))
		.map((each) =>
			makeReason(reason, nameOf(each), each.message, {
				evidence: [
					`evidence: ${each.id.split("/")[0]}/evidence/${nameOf(each)}`,
				],
			}),
		);
}
