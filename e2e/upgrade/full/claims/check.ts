import { KubeError } from "../../../clients/kubernetes.ts";
import { GroundError, messageOf } from "../../../harness/errors.ts";
import type { ClaimResult } from "../../../harness/summary.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { alertsKeepFiring, findSideEffects } from "./alerts.ts";
import type { UpgradeClaim, Watched } from "./claim.ts";
import { grafanaDatasources, grafanaLogin } from "./grafana.ts";
import {
	everythingIsReconciled,
	nothingIsPruned,
	nothingIsRefused,
} from "./objects.ts";
import {
	sameDashboards,
	sameRules,
	sameTargets,
	sameVolumeClaims,
} from "./same.ts";
import { noSampleIsLost, oldBlocksAreAnswered } from "./samples.ts";
import { targetsAreScraped, watchdogKeepsFiring } from "./scrapes.ts";

const upgradeClaims: readonly UpgradeClaim[] = [
	noSampleIsLost,
	oldBlocksAreAnswered,
	targetsAreScraped,
	watchdogKeepsFiring,
	sameTargets,
	sameRules,
	sameDashboards,
	grafanaLogin,
	grafanaDatasources,
	sameVolumeClaims,
	alertsKeepFiring,
	nothingIsRefused,
	nothingIsPruned,
	everythingIsReconciled,
];

/** Checks every claim about the upgrade. A flaw is a reason of the verdict, too. */
export async function checkUpgradeClaims(
	watched: Watched,
): Promise<{ claims: ClaimResult[]; reasons: Reason[] }> {
	const claims: ClaimResult[] = [];
	const reasons: Reason[] = [];
	for (const { id, title, reason, check } of upgradeClaims) {
		const began = Date.now();
		const tell = (
			status: ClaimResult["status"],
			message: string,
			notes: readonly string[] = [],
		) =>
			claims.push({
				id: `upgrade/${id}`,
				title,
				status,
				seconds: (Date.now() - began) / 1000,
				message,
				notes: [...notes],
				tests: [],
			});
		try {
			const { flaws = [], notes, skipped } = await check(watched);
			if (skipped) tell("skipped", skipped);
			else
				tell(flaws.length > 0 ? "refuted" : "proven", flaws.join("; "), notes);
			if (flaws.length > 0)
				reasons.push(
					makeReason(reason, "upgrade", flaws[0] ?? "", { evidence: flaws }),
				);
		} catch (error) {
			if (!(error instanceof KubeError || error instanceof GroundError))
				throw error;
			tell("inconclusive", messageOf(error));
		}
	}
	return { claims, reasons: [...reasons, ...(await findSideEffects(watched))] };
}
