import { KubeError } from "../../../clients/api-server/kube-error.ts";
import { EnvironmentError, messageOf } from "../../../common/errors.ts";
import type { ClaimResult } from "../../../harness/claims/summary.ts";
import { type Reason, reasonsOf } from "../../reasons.ts";
import {
	alertsKeepFiring,
	newAlerts,
	restartedTimers,
	secondMessages,
} from "./alerts.ts";
import type { Finding, SideEffect, UpgradeClaim, Watched } from "./claim.ts";
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
import { silencesAreKept } from "./silences.ts";

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
	silencesAreKept,
	nothingIsRefused,
	nothingIsPruned,
	everythingIsReconciled,
];

/** What an upgrade may cost without a loss: reported as notes. */
const sideEffects: readonly SideEffect[] = [
	restartedTimers,
	newAlerts,
	secondMessages,
];

/** Checks every claim about the upgrade. Flaws also become reasons of the verdict. */
export async function checkUpgradeClaims(
	watched: Watched,
): Promise<{ claims: ClaimResult[]; reasons: Reason[] }> {
	const claims: ClaimResult[] = [];
	const reasons: Reason[] = [];
	for (const { id, title, reason, check } of upgradeClaims) {
		const began = performance.now();
		const { status, message, notes, flaws } = await judge(() => check(watched));
		claims.push({
			id: `upgrade/${id}`,
			title,
			status,
			seconds: (performance.now() - began) / 1000,
			message,
			notes: [...notes],
			tests: [],
			missing: [],
		});
		reasons.push(...reasonsOf(reason, "upgrade", flaws));
	}
	for (const { reason, check } of sideEffects) {
		const { flaws } = await judge(() => check(watched));
		reasons.push(...reasonsOf(reason, "upgrade", flaws));
	}
	return { claims, reasons };
}

interface Judgement extends Pick<ClaimResult, "status" | "message"> {
	readonly notes: readonly string[];
	readonly flaws: readonly string[];
}

async function judge(check: () => Promise<Finding>): Promise<Judgement> {
	try {
		const { flaws = [], notes = [], skipped } = await check();
		if (skipped)
			return { status: "skipped", message: skipped, notes, flaws: [] };
		const status = flaws.length > 0 ? "refuted" : "proven";
		return { status, message: flaws.join("; "), notes, flaws };
	} catch (error) {
		if (!(error instanceof KubeError || error instanceof EnvironmentError))
			throw error;
		const message = messageOf(error);
		return { status: "inconclusive", message, notes: [], flaws: [] };
	}
}
