import { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { clusterClockAhead } from "../../common/clock/cluster-clock.ts";
import { isSilence, messageOf } from "../../common/errors.ts";
import { eventually, HopelessError } from "../../common/eventually.ts";
import { labels } from "../../common/labels.ts";
import type { Progress } from "../../common/progress.ts";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import {
	type KeptCluster,
	listKept,
	mayBeBroken,
	useKept,
} from "../run/kept.ts";
import type { Run } from "../run/run.ts";
import type { StartedEnvironment } from "./fresh-environment.ts";

/** A kept cluster that this run uses. */
export interface ReusedCluster {
	readonly started: StartedEnvironment;
	/** Lets other runs use it. */
	release(): Promise<void>;
}

/**
 * Takes a kept cluster that was made from the same inputs, if there is one that is free, answers, and cannot be broken.
 */
export async function reuseKept(
	wanted: Pick<KeptCluster, "inputs" | "engine">,
	reportDir: string,
	run: Run,
	progress: Progress,
): Promise<ReusedCluster | undefined> {
	for (const cluster of await listKept(wanted.engine)) {
		if (cluster.inputs !== wanted.inputs) continue;
		const release = await useKept(cluster.runId, run.id);
		if (!release) continue;
		const flaw = await findFlaw(cluster);
		if (flaw) {
			progress.say(
				`kept cluster ${cluster.runId} ${flaw}: making a new one; npm run down removes the old one`,
			);
			await release();
			continue;
		}
		await removeLeftovers(cluster, progress);
		progress.say(
			`using the kept cluster ${cluster.runId} (--fresh makes a new one, npm run down removes it)`,
		);
		// Another process generated these secrets.
		cluster.environment.secrets.forEach(rememberSecret);
		const environment = {
			...cluster.environment,
			runId: run.id,
			clockAhead: clusterClockAhead(),
			reportDir,
		};
		return { started: { ...cluster, environment }, release };
	}
	return undefined;
}

/** Says why a kept cluster cannot be used; undefined if it can. */
async function findFlaw(cluster: KeptCluster): Promise<string | undefined> {
	if (mayBeBroken(cluster.runId))
		return "may be broken, because a run in it was interrupted, or a fault in it failed";
	const { kubeconfig, refused = [] } = cluster.environment;
	// What was refused then may run by now, and no claim would look again.
	if (refused.length > 0) return "has something that was refused";
	const kube = KubeClient.fromKubeconfig(kubeconfig);
	try {
		// One that answers is busy, as that of a slow machine: its datastore is asked in this, too.
		await eventually("it is ready", budgets.health, async () => {
			try {
				await kube.checkReady();
			} catch (error) {
				if (isSilence(error)) throw new HopelessError(messageOf(error));
				throw error;
			}
		});
		return undefined;
	} catch (error) {
		return `cannot be used (${messageOf(error)})`;
	} finally {
		await kube.close();
	}
}

/** Removes what earlier runs planted in a kept cluster and could not remove. No other run uses the cluster now. */
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
		progress.say(
			`what earlier runs planted could not be removed: ${messageOf(error)}`,
		);
	} finally {
		await kube.close();
	}
}
