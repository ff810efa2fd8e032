import { setImmediate as immediately } from "node:timers/promises";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { stopSignal } from "../../common/interruption.ts";
import type { Progress } from "../../common/progress.ts";
import { readVersions } from "../chart/versions.ts";
import { collectEvidence, evidenceDir } from "../claims/evidence.ts";
import { collectContainerEvidence } from "../docker/container-evidence.ts";
import type { Engine } from "../docker/engine.ts";
import type { Run } from "../run/run.ts";
import type { FreshEnvironment } from "./fresh-environment.ts";
import { beginSetUp, type SetUpRequest } from "./set-up.ts";

/** Sets up. Where that fails half way, evidence is collected before the failure goes on. */
export async function setUpWithEvidence(
	engine: Engine,
	run: Run,
	request: SetUpRequest,
	progress: Progress,
): Promise<FreshEnvironment> {
	const { cluster, environment } = beginSetUp(engine, run, request, progress);
	try {
		return await environment;
	} catch (error) {
		// What an interruption took down proves nothing.
		if (stopSignal.aborted) throw error;
		const dir = evidenceDir(request, "set-up");
		const ended = await progress.phase("evidence", async () => {
			const { release } = await readVersions();
			// It may still be starting, or have failed itself.
			const begun = await Promise.race([
				cluster.catch(() => undefined),
				immediately(undefined),
			]);
			if (begun) await collectEvidence(begun.kube, release.namespace, dir);
			return collectContainerEvidence(engine.docker, run.id, dir);
		});
		progress.say(`evidence: ${dir}`);
		if (ended.length === 0) throw error;
		throw new SetUpError(`${ended.join("; ")}; ${messageOf(error)}`, {
			cause: error,
		});
	}
}
