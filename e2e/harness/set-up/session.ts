import { KubeClient } from "../../clients/kubernetes.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { stopSignal } from "../../common/interruption.ts";
import { labels } from "../../common/labels.ts";
import type { Progress } from "../../common/progress.ts";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import { readVersions } from "../chart/locate.ts";
import { collectEvidence, evidenceDir } from "../claims/evidence.ts";
import { collectContainerEvidence } from "../docker/container-evidence.ts";
import type { Engine } from "../docker/engine.ts";
import {
	type KeptCluster,
	keep,
	listKept,
	mayBeBroken,
	useKept,
} from "../run/kept.ts";
import type { Run } from "../run/run.ts";
import { withRun } from "../run/with-run.ts";
import { inputsOf } from "./inputs.ts";
import { type MaterialOptions, materialOptions } from "./materials.ts";
import type { SetUpOptions } from "./options.ts";
import {
	type FreshEnvironment,
	type SetUpEvents,
	type StartedEnvironment,
	setUp,
} from "./set-up.ts";

export interface SessionOptions {
	readonly setUp: SetUpOptions;
	/** Leave the cluster running afterwards, marked as kept. */
	readonly keep: boolean;
	readonly reportDir: string;
}

/**
 * Gives `action` an environment, a kept one where one fits, and takes it down afterwards, however that ends.
 * A cluster that is to be kept is kept once it is complete.
 */
export async function withEnvironment<T>(
	options: SessionOptions,
	progress: Progress,
	action: (started: StartedEnvironment) => Promise<T>,
): Promise<T> {
	return withRun(progress, async ({ engine, run, keep: leave }) => {
		// Before anything is made, so that a change of the stack meanwhile is no part of it.
		const inputs = await inputsOf(options.setUp);
		const reused = await reuseKept(options, inputs, run, progress);
		if (reused) {
			try {
				return await action(reused.started);
			} finally {
				await reused.release();
			}
		}
		const { reportDir } = options;
		const materials = await materialOptions(options.setUp);
		const started = await setUpWithEvidence(
			engine,
			run,
			{ materials, reportDir },
			progress,
		);
		if (!options.keep) return action(started);
		// In use before anybody can find it.
		const release = await useKept(run.id, run.id);
		await keep(engine.docker, run, describeKept(run, inputs, started));
		leave();
		try {
			return await action(started);
		} finally {
			await release?.();
		}
	});
}

async function reuseKept(
	options: SessionOptions,
	inputs: string,
	run: Run,
	progress: Progress,
) {
	if (options.setUp.fresh) return undefined;
	for (const cluster of await listKept()) {
		if (cluster.inputs !== inputs) continue;
		const release = await useKept(cluster.runId, run.id);
		if (!release) continue;
		if (mayBeBroken(cluster.runId)) {
			progress.say(
				`kept cluster ${cluster.runId} may be broken, for a run in it was interrupted, or a fault in it failed: a new one is made; npm run down removes the old`,
			);
			await release();
			continue;
		}
		const kube = KubeClient.fromKubeconfig(cluster.environment.kubeconfig);
		try {
			await kube.request("GET", "/readyz", { timeout: 5000 });
		} catch (error) {
			progress.say(
				`kept cluster ${cluster.runId} does not answer (${messageOf(error)}): a new one is made; npm run down removes the old`,
			);
			await release();
			continue;
		} finally {
			await kube.close();
		}
		await removeLeftovers(cluster, progress);
		progress.say(
			`using the kept cluster ${cluster.runId} (--fresh makes a new one, npm run down removes it)`,
		);
		// They were made by another process.
		cluster.environment.secrets.forEach(rememberSecret);
		const { reportDir } = options;
		const environment = { ...cluster.environment, runId: run.id, reportDir };
		return { started: { ...cluster, environment }, release };
	}
	return undefined;
}

/** What runs planted in a kept cluster and did not live to remove; nobody else uses it now. */
async function removeLeftovers(
	{ environment }: KeptCluster,
	progress: Progress,
): Promise<void> {
	const kube = KubeClient.fromKubeconfig(environment.kubeconfig);
	try {
		const left = await kube.list({
			apiVersion: "v1",
			kind: "Namespace",
			labelSelector: labels.run,
		});
		await kube.delete(left);
	} catch (error) {
		progress.say(`what dead runs planted is still there: ${messageOf(error)}`);
	} finally {
		await kube.close();
	}
}

/** Sets up; where that fails half way, collects evidence before the failure goes on. */
export async function setUpWithEvidence(
	engine: Engine,
	run: Run,
	options: { materials: MaterialOptions; reportDir: string },
	progress: Progress,
	events: Omit<SetUpEvents, "onCluster"> = {},
): Promise<FreshEnvironment> {
	let kube: KubeClient | undefined;
	try {
		return await setUp(
			engine,
			run,
			options.materials,
			options.reportDir,
			progress,
			{
				...events,
				onCluster: (cluster) => {
					kube = cluster.kube;
				},
			},
		);
	} catch (error) {
		// What an interruption took down proves nothing.
		if (stopSignal.aborted) throw error;
		const dir = evidenceDir(options, "set-up");
		const ended = await progress.phase("evidence", async () => {
			const { release } = await readVersions();
			if (kube) await collectEvidence(kube, release.namespace, dir);
			return collectContainerEvidence(engine.docker, run.id, dir);
		});
		progress.say(`evidence: ${dir}`);
		if (ended.length === 0) throw error;
		throw new SetUpError(`${ended.join("; ")}; ${messageOf(error)}`, {
			cause: error,
		});
	}
}

function describeKept(
	run: Run,
	inputs: string,
	{ environment, imageSource, standIns, warnings }: StartedEnvironment,
): KeptCluster {
	return {
		runId: run.id,
		inputs,
		environment,
		imageSource,
		standIns,
		warnings,
	};
}
