import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Dockerode from "dockerode";
import type { Environment } from "../../common/environment.ts";
import { isMissingFile } from "../../common/errors.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { stopSignal } from "../../common/interruption.ts";
import { labels } from "../../common/labels.ts";
import { cacheDir } from "../../common/paths.ts";
import { isAlive, nameInRun, ownerKey, type Run } from "./run.ts";
import { writeWhole } from "./whole-file.ts";

/** A cluster that outlives the run that made it. */
export interface KeptCluster {
	/** The id of the run that made it, which is in the labels of its Docker resources. */
	readonly runId: string;
	/** The id of the Docker engine that it is on. */
	readonly engine: string;
	/** A hash of what it was made from: a run with other inputs cannot use it. */
	readonly inputs: string;
	readonly environment: Environment;
	readonly standIns: readonly string[];
	readonly warnings: readonly string[];
	readonly rendered: readonly string[];
	readonly imageSource: string;
}

/**
 * Marks a cluster as kept: from now on only `down` removes it. The mark is an empty volume with the run's labels, so that
 * it exists as long as the run's other resources. A file in the cache says how to use the cluster again.
 */
export async function keep(
	docker: Dockerode,
	run: Pick<Run, "id" | "labels">,
	cluster: KeptCluster,
): Promise<void> {
	const file = fileOf(cluster.runId);
	await writeWhole(file, JSON.stringify(cluster), 0o600);
	await docker.createVolume({
		Name: nameInRun(run.id, "kept"),
		Labels: { ...run.labels, [labels.kept]: "true" },
	});
}

/** Removes the files about a kept cluster that does not exist any more. */
export async function forgetKept(runId: string): Promise<void> {
	for (const fileFor of [fileOf, kubeconfigOf, userOf, brokenOf])
		await rm(fileFor(runId), { force: true });
}

/** Removes the files about all kept clusters of an engine but these. */
export async function forgetAllBut(
	runIds: ReadonlySet<string>,
	engine: string,
): Promise<void> {
	for (const { runId } of await listKept(engine))
		if (!runIds.has(runId) && !(await isAlive(runId))) await forgetKept(runId);
}

/** Lists every kept cluster of this user on an engine. */
export async function listKept(engine: string): Promise<KeptCluster[]> {
	const dir = keptDir();
	const files = (await readdir(dir)).filter((name) => name.endsWith(".json"));
	const clusters = files.map(async (name): Promise<KeptCluster[]> => {
		// Another process may be removing it.
		const text = await readFile(join(dir, name), "utf8").catch(ifAbsent);
		return text ? [JSON.parse(text)] : [];
	});
	const all = (await Promise.all(clusters)).flat();
	return all.filter((each) => each.engine === engine);
}

/**
 * Reserves a kept cluster for a run: no other run uses it, and `down` does not remove it.
 *
 * @returns releases it; undefined if another run uses it
 */
export function useKept(
	clusterId: string,
	runId: string,
): Promise<(() => Promise<void>) | undefined> {
	const what = "look at the kept clusters";
	return withFileLock(keptDir(), { what }, async () => {
		if (await isKeptInUse(clusterId)) return undefined;
		await writeFile(userOf(clusterId), runId);
		return () => rm(userOf(clusterId), { force: true });
	});
}

/** Whether a run that is alive uses a kept cluster. */
export async function isKeptInUse(clusterId: string): Promise<boolean> {
	if (!existsSync(userOf(clusterId))) return false;
	return isAlive(await readFile(userOf(clusterId), "utf8"));
}

/**
 * Tests claims in a cluster, which breaks things in it. While `action` runs, a kept cluster is marked as `mayBeBroken`. The
 * mark stays if the action fails, is interrupted, or does not repair everything.
 *
 * @param isMended says by the outcome whether everything is repaired
 */
export async function whileTesting<T>(
	clusterId: string,
	action: () => Promise<T>,
	isMended: (outcome: T) => boolean,
): Promise<T> {
	if (!existsSync(fileOf(clusterId))) return action();
	await writeFile(brokenOf(clusterId), "");
	const outcome = await action();
	if (!stopSignal.aborted && isMended(outcome))
		await rm(brokenOf(clusterId), { force: true });
	return outcome;
}

/** Whether claims may have left something broken in a kept cluster. */
export function mayBeBroken(clusterId: string): boolean {
	return existsSync(brokenOf(clusterId));
}

/** Writes a kept cluster's kubeconfig into a file, for kubectl. @returns the path */
export async function writeKubeconfig({
	clusterId,
	kubeconfig,
}: Environment): Promise<string> {
	const file = kubeconfigOf(clusterId);
	await writeFile(file, kubeconfig, { mode: 0o600 });
	return file;
}

function ifAbsent(error: unknown): undefined {
	if (!isMissingFile(error)) throw error;
}

/** Each owner has a folder: runs of several owners may share the cache, and cannot tell which runs of others are alive. */
function keptDir(): string {
	return cacheDir("kept", ownerKey);
}

function fileOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.json`);
}

function kubeconfigOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.kubeconfig`);
}

/** Contains the id of the run that uses the cluster. */
function userOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.user`);
}

/** Exists while a run breaks things in the cluster. */
function brokenOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.broken`);
}
