import { KubeError } from "../../clients/api-server/kube-error.ts";
import { BadInputError, messageOf, SetUpError } from "../../common/errors.ts";
import { NeverSeenError } from "../../common/eventually.ts";
import { whyEnvironmentFailed } from "../../harness/claims/cluster-health.ts";
import { collectEvidence, evidenceDir } from "../../harness/claims/evidence.ts";
import type { ReasonId } from "../reason-kinds.ts";
import { makeReason, type Reason } from "../reasons.ts";
import type { UpgradeContext } from "./context.ts";

/**
 * Tries a part of the upgrade.
 *
 * @param findWayOut by the message, if there is a better one than that of the reason
 * @returns the reason if it fails, with its evidence collected
 * @throws SetUpError if the test environment failed
 */
export async function attempt(
	context: UpgradeContext,
	reason: ReasonId,
	what: string,
	action: () => Promise<void>,
	findWayOut: (message: string) => string | undefined = () => undefined,
): Promise<Reason[]> {
	try {
		await action();
		return [];
	} catch (error) {
		if (!isTrouble(error)) throw error;
		await checkEnvironment(context, error);
		await collect(context, what.replaceAll(" ", "-"));
		const message = messageOf(error);
		const wayOut = findWayOut(message);
		return [makeReason(reason, what, message, { ...(wayOut && { wayOut }) })];
	}
}

/** Whether the tool, the cluster or the stack reports it. */
function isTrouble(error: unknown): boolean {
	return [BadInputError, SetUpError, KubeError, NeverSeenError].some(
		(kind) => error instanceof kind,
	);
}

/**
 * Asks the stack something after it was changed. If it does not answer although the test environment is healthy, that
 * becomes a reason, unless `reasons` has one already.
 *
 * @returns undefined if it does not answer
 * @throws SetUpError if the test environment failed
 */
export async function unlessAway<T>(
	context: UpgradeContext,
	reasons: Reason[],
	action: () => Promise<T>,
): Promise<T | undefined> {
	try {
		return await action();
	} catch (error) {
		if (!(error instanceof KubeError)) throw error;
		await checkEnvironment(context, error);
		if (reasons.length === 0)
			reasons.push(makeReason("rollout-fails", "stack", messageOf(error)));
		return undefined;
	}
}

/** @throws SetUpError if the test environment failed, which says nothing about the upgrade */
export async function checkEnvironment(
	{ stack, started }: UpgradeContext,
	error: unknown,
): Promise<void> {
	const failure = await whyEnvironmentFailed(stack.kube, started.environment, [
		error,
	]);
	if (failure) throw new SetUpError(failure, { cause: error });
}

function collect(
	{ stack: { kube, namespace }, reportDir }: UpgradeContext,
	what: string,
): Promise<void> {
	const dir = evidenceDir({ reportDir }, what);
	return collectEvidence(kube, namespace, dir);
}
