import { KubeClient } from "../clients/kubernetes.ts";
import { readVersions } from "./chart.ts";
import { onInterrupt } from "./command.ts";
import { connectEngine, type Engine } from "./engine/engine.ts";
import { messageOf } from "./errors.ts";
import { collectEvidence, evidenceDir } from "./evidence.ts";
import { type KeptCluster, keep, listKept, useKept } from "./kept.ts";
import type { SetUpOptions } from "./options.ts";
import { checkResources } from "./preflight.ts";
import type { Progress } from "./progress.ts";
import { beginRun, type Run } from "./run.ts";
import { inputsOf, type StartedEnvironment, setUp } from "./set-up.ts";
import { removeRun, sweep } from "./sweep.ts";

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
	const interrupted = onInterrupt();
	// Awaited only in races: it must not end the process by itself.
	interrupted.catch(() => undefined);
	const engine = await Promise.race([prepareEngine(progress), interrupted]);
	const run = await beginRun();
	progress.say(`run ${run.id}`);
	let kept = false;
	const work = (async () => {
		const reused = await reuseKept(options, run, progress);
		if (reused) {
			try {
				return await action(reused.started);
			} finally {
				await reused.release();
			}
		}
		const started = await setUpWithEvidence(engine, run, options, progress);
		if (options.keep) {
			await keep(await describeKept(run, options, started));
			kept = true;
		}
		return await action(started);
	})();
	try {
		return await Promise.race([work, interrupted]);
	} finally {
		await tidyUp(engine, run, kept, work);
		progress.stop();
	}
}

/** A Docker engine that is big enough, rid of what dead runs left in it. */
export async function prepareEngine(progress: Progress): Promise<Engine> {
	const engine = await progress.phase("Docker engine", () =>
		connectEngine((line) => progress.say(line)),
	);
	const removed = await sweep(engine.docker, { keptToo: false });
	if (removed.length > 0)
		progress.say(`removed what dead runs left: ${removed.join(", ")}`);
	await checkResources(engine);
	return engine;
}

async function reuseKept(
	options: SessionOptions,
	run: Run,
	progress: Progress,
) {
	if (options.setUp.fresh) return undefined;
	const inputs = await inputsOf(options.setUp);
	for (const cluster of await listKept()) {
		if (cluster.inputs !== inputs) continue;
		const release = await useKept(cluster.runId);
		if (!release) continue;
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
		progress.say(
			`using the kept cluster ${cluster.runId} (--fresh makes a new one, npm run down removes it)`,
		);
		const { reportDir } = options;
		const environment = { ...cluster.environment, runId: run.id, reportDir };
		return { started: { ...cluster, environment }, release };
	}
	return undefined;
}

async function setUpWithEvidence(
	engine: Engine,
	run: Run,
	options: SessionOptions,
	progress: Progress,
): Promise<StartedEnvironment> {
	let kube: KubeClient | undefined;
	const secrets: string[] = [];
	try {
		return await setUp(
			engine,
			run,
			options.setUp,
			options.reportDir,
			progress,
			{
				onSecret: (secret) => secrets.push(secret),
				onCluster: (cluster) => {
					kube = cluster.kube;
				},
			},
		);
	} catch (error) {
		const cluster = kube;
		if (cluster) {
			const dir = evidenceDir(options, "set-up");
			const { release } = await readVersions();
			await progress.phase("evidence", () =>
				collectEvidence(cluster, release.namespace, dir, secrets),
			);
			progress.say(`evidence: ${dir}`);
		}
		throw error;
	}
}

async function describeKept(
	run: Run,
	options: SessionOptions,
	started: StartedEnvironment,
): Promise<KeptCluster> {
	return {
		runId: run.id,
		inputs: await inputsOf(options.setUp),
		...started,
	};
}

/** Long enough for a step under way to notice that its containers are gone. */
const patience = 20_000;

async function tidyUp(
	{ docker }: Engine,
	run: Run,
	kept: boolean,
	work: Promise<unknown>,
): Promise<void> {
	if (!kept) {
		await removeRun(docker, run.id);
		// An interrupted set-up may still have been creating things.
		const settled = work.then(
			() => undefined,
			() => undefined,
		);
		await Promise.race([
			settled,
			new Promise((resolve) => setTimeout(resolve, patience).unref()),
		]);
		await removeRun(docker, run.id);
	}
	await run.end();
}
