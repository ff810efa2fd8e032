import type { KubeClient } from "../../clients/kubernetes.ts";
import { inBackground } from "../../common/background.ts";
import type { DisruptedPart } from "../../common/claim-tags.ts";
import type { Refusal } from "../../common/environment.ts";
import { listRollouts, type Rollout, rolloutOf } from "../readiness/stack.ts";
import { baseDeployments } from "./base-objects.ts";
import type { ChartMaterials } from "./chart-materials.ts";
import { applyNodeLabels } from "./nodes/node-labels.ts";
import type { RunPart } from "./steps.ts";

/** A rollout that is waited for. */
export interface BegunRollout extends Pick<Rollout, "name" | "part"> {
	/** Resolves with what is refused of it. */
	readonly done: Promise<readonly Refusal[]>;
}

/**
 * Begins to wait until the installed chart and what it needs are rolled out.
 *
 * @param refusalsGoOn whether what the operator, Prometheus or Alertmanager refuses is left to the claims
 * @param runPart runs each wait as a phase
 */
export async function beginRollouts(
	kube: KubeClient,
	namespace: string,
	{ nodeLabels }: Pick<ChartMaterials, "nodeLabels">,
	refusalsGoOn: boolean,
	runPart: RunPart,
): Promise<BegunRollout[]> {
	await applyNodeLabels(kube, nodeLabels);
	const rollouts = [
		...baseDeployments.map((each) => rolloutOf(each, kube)),
		...(await listRollouts(kube, namespace, refusalsGoOn)),
	];
	return rollouts.map(({ name, part, wait }) => ({
		name,
		part,
		done: inBackground(() => runPart(name, wait)),
	}));
}

/** The rollouts that matter where some parts may be broken. */
export function withoutParts(
	rollouts: readonly BegunRollout[],
	ignored: readonly DisruptedPart[],
): BegunRollout[] {
	return rollouts.filter(({ part }) => !part || !ignored.includes(part));
}

/**
 * Waits for rollouts.
 *
 * @param say gets a warning of each refusal
 * @returns what is refused
 */
export async function whenRolledOut(
	rollouts: readonly BegunRollout[],
	say: (line: string) => void = () => undefined,
): Promise<Refusal[]> {
	const refused = (await Promise.all(rollouts.map(({ done }) => done))).flat();
	for (const { says } of refused) say(`warning: ${says}`);
	return refused;
}
