import type { Progress } from "../../common/progress.ts";
import { type KeptCluster, keep, useKept } from "../run/kept.ts";
import type { Run } from "../run/run.ts";
import { withRun } from "../run/with-run.ts";
import type { StartedEnvironment } from "./fresh-environment.ts";
import { materialOptions } from "./homelab-materials.ts";
import { inputsOf } from "./inputs.ts";
import type { SetUpOptions } from "./options.ts";
import type { SetUpRequest } from "./request.ts";
import { reuseKept } from "./reuse.ts";
import { setUpWithEvidence } from "./set-up-with-evidence.ts";

export interface SessionOptions {
	readonly setUp: SetUpOptions;
	/** Whether to keep the cluster afterwards. */
	readonly keep: boolean;
	readonly reportDir: string;
	/** As in SetUpRequest. */
	readonly refusalsGoOn?: boolean;
	/** As in SetUpRequest. Not called where a kept environment fits. */
	readonly begun?: NonNullable<SetUpRequest["begun"]>;
}

/**
 * Runs `action` in a kept environment if one fits, or in a new one. However it ends, a new environment is removed
 * afterwards, unless it is to be kept. It is marked as kept as soon as it is complete.
 */
export async function withEnvironment<T>(
	options: SessionOptions,
	progress: Progress,
	action: (started: StartedEnvironment) => Promise<T>,
): Promise<T> {
	const { setUp, reportDir, refusalsGoOn = false, begun } = options;
	return withRun(progress, async ({ engine, run, keep: leave }) => {
		// Hashed before anything is made: a later change of the stack does not become part of this cluster.
		const inputs = await inputsOf(setUp);
		const { ID: engineId } = engine.info;
		const reused = setUp.fresh
			? undefined
			: await reuseKept({ inputs, engine: engineId }, reportDir, run, progress);
		if (reused) {
			try {
				return await action(reused.started);
			} finally {
				await reused.release();
			}
		}
		const started = await setUpWithEvidence(
			engine,
			run,
			{
				materials: await materialOptions(setUp),
				reportDir,
				refusalsGoOn,
				...(begun && { begun }),
			},
			progress,
		);
		if (!options.keep) return action(started);
		// Reserved before another run can find it.
		const release = await useKept(run.id, run.id);
		await keep(engine.docker, run, {
			...describeKept(run, inputs, started),
			engine: engineId,
		});
		leave();
		try {
			return await action(started);
		} finally {
			await release?.();
		}
	});
}

function describeKept(
	run: Run,
	inputs: string,
	{
		environment,
		imageSource,
		standIns,
		warnings,
		rendered,
	}: StartedEnvironment,
): Omit<KeptCluster, "engine"> {
	return {
		runId: run.id,
		inputs,
		environment,
		imageSource,
		standIns,
		warnings,
		rendered,
	};
}
