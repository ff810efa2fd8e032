import type { Manifest } from "../../../../clients/kube-objects.ts";
import type { KubeClient } from "../../../../clients/kubernetes.ts";
import { budgets } from "../../../../common/budgets.ts";
import { messageOf, SetUpError } from "../../../../common/errors.ts";
import { type ApplyMeans, applyAll } from "./apply.ts";
import { waitForJob } from "./hook-job.ts";
import {
	type HookDeletion,
	isDeletedAt,
	makeSyncWaves,
	type SyncWave,
} from "./sync-waves.ts";

/** What a sync works with. */
export interface SyncMeans extends ApplyMeans {
	readonly kube: KubeClient;
	/** Resolves when every workload is rolled out. */
	waitUntilHealthy(): Promise<void>;
}

/**
 * Syncs as Argo CD does: wave by wave, hooks with them, and objects that are no longer rendered are deleted first. A wave
 * is applied to its end, also if an object is refused; then the sync fails.
 *
 * @param gone what is to be pruned
 * @throws SetUpError or NeverSeenError with what kubectl, the API server or a hook said
 */
export async function syncObjects(
	means: SyncMeans,
	rendered: readonly Manifest[],
	gone: readonly Manifest[],
): Promise<void> {
	const waves = makeSyncWaves(rendered);
	// Argo CD prunes in the phase Sync, before it applies.
	const first = waves.findIndex(({ phase }) => phase === "Sync");
	for (const [i, wave] of waves.entries()) {
		if (i === first) await remove(means, gone);
		await syncWave(means, wave).catch(async (error: unknown) => {
			// Why the sync failed counts more than a hook that stays.
			await removeHooks(means, wave.hooks, "hookfailed").catch(() => undefined);
			throw error;
		});
		const isLast = i === waves.length - 1;
		if (!isLast && wave.objects.length > 0) await means.waitUntilHealthy();
	}
	if (first < 0) await remove(means, gone);
	const hooks = waves.flatMap((each) => each.hooks);
	await removeHooks(means, hooks, "hooksucceeded");
}

async function syncWave(
	means: SyncMeans,
	{ phase, objects, hooks }: SyncWave,
): Promise<void> {
	await removeHooks(means, hooks, "beforehookcreation");
	const refused = await applyAll(means, [...objects, ...hooks]);
	if (refused.length > 0)
		throw new SetUpError(
			`argocd app sync failed: one or more objects failed to apply: ${refused.join("; ")}`,
		);
	const jobs = hooks.filter(({ kind }) => kind === "Job");
	await Promise.all(
		jobs.map((each) =>
			waitForJob(means.kube, each, means.namespace).catch((cause: unknown) => {
				throw new SetUpError(
					`argocd app sync failed: a ${phase} hook was unsuccessful: ${messageOf(cause)}`,
					{ cause },
				);
			}),
		),
	);
}

function removeHooks(
	means: SyncMeans,
	hooks: readonly Manifest[],
	moment: HookDeletion,
): Promise<void> {
	return remove(
		means,
		hooks.filter((each) => isDeletedAt(each, moment)),
	);
}

/** Deletes objects and waits until they are gone. */
async function remove(
	{ kubectl }: SyncMeans,
	objects: readonly Manifest[],
): Promise<void> {
	await kubectl(
		[
			"delete",
			"--ignore-not-found",
			"--cascade=foreground",
			`--timeout=${budgets.rollout}ms`,
		],
		objects,
	);
}
