import { setImmediate as immediately } from "node:timers/promises";
import { inBackground, settleWithin } from "../../common/background.ts";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { stopSignal } from "../../common/interruption.ts";
import type { Progress } from "../../common/progress.ts";
import { readVersions } from "../chart/versions.ts";
import { collectEvidence, evidenceDir } from "../claims/evidence.ts";
import {
	collectContainerEvidence,
	writeStartLog,
} from "../docker/container-evidence.ts";
import type { Engine } from "../docker/engine.ts";
import type { Run } from "../run/run.ts";
import type { FreshEnvironment } from "./fresh-environment.ts";
import type { SetUpRequest } from "./request.ts";
import { beginSetUp } from "./set-up.ts";

/** Sets up. If that fails half way, evidence is collected before the error is thrown. */
export async function setUpWithEvidence(
	engine: Engine,
	run: Run,
	request: SetUpRequest,
	progress: Progress,
): Promise<FreshEnvironment> {
	const setUp = beginSetUp(engine, run, request, progress);
	const { cluster, environment, settled } = setUp;
	const endBegun = request.begun?.(setUp);
	try {
		return await environment;
	} catch (error) {
		// It would wait for what is never there, and start containers when those of the run have been removed.
		const stopped = inBackground(async () => endBegun?.());
		const over = Promise.allSettled([settled, stopped]);
		// After an interruption, the cluster is being removed: evidence would mislead.
		if (stopSignal.aborted) {
			await over;
			throw error;
		}
		const dir = evidenceDir(request, "set-up");
		const ended = await progress.phase("evidence", async () => {
			const { release } = await readVersions();
			// The cluster may still be starting, or may have failed.
			const begun = await Promise.race([
				cluster.catch(() => undefined),
				immediately(undefined),
			]);
			if (begun) await collectEvidence(begun.kube, release.namespace, dir);
			const ended = await collectContainerEvidence(engine.docker, run.id, dir);
			await writeStartLog(error, dir);
			// Steps that are still at work would make what the end of the run has just removed.
			await settleWithin(over, budgets.notice);
			return ended;
		});
		progress.say(`evidence: ${dir}`);
		if (ended.length === 0) throw error;
		throw new SetUpError(`${ended.join("; ")}; ${messageOf(error)}`, {
			cause: error,
		});
	}
}
