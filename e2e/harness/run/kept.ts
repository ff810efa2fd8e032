import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Dockerode from "dockerode";
import type { Environment } from "../../common/environment.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { stopSignal } from "../../common/interruption.ts";
import { labels } from "../../common/labels.ts";
import { cacheDir } from "../../common/paths.ts";
import { isAlive, ownerKey, type Run } from "./run.ts";

/** A cluster that outlives the run that made it. */
export interface KeptCluster {
	/** The run that made it: its Docker resources bear this label. */
	readonly runId: string;
	/** What it was made from; a run with other inputs cannot use it. */
	readonly inputs: string;
	readonly environment: Environment;
	readonly standIns: readonly string[];
	readonly warnings: readonly string[];
	readonly imageSource: string;
}

/**
 * Marks a cluster as kept: from now on only `down` removes it. The mark is an empty volume among the run's own
 * resources, so that it lasts as long as they do; the file beside it says how to use the cluster again.
 */
export async function keep(
	docker: Dockerode,
	run: Pick<Run, "id" | "labels">,
	cluster: KeptCluster,
): Promise<void> {
	const file = fileOf(cluster.runId);
	await writeFile(`${file}.new`, JSON.stringify(cluster), { mode: 0o600 });
	await rename(`${file}.new`, file);
	await docker.createVolume({
		Name: `o11y-e2e-${run.id}-kept`,
		Labels: { ...run.labels, [labels.kept]: "true" },
	});
}

/** Removes what is known of a cluster that is gone. */
export async function forgetKept(runId: string): Promise<void> {
	for (const fileFor of [fileOf, kubeconfigOf, userOf, brokenOf])
		await rm(fileFor(runId), { force: true });
}

/** Forgets clusters whose Docker resources are no longer there. */
export async function forgetAllBut(runIds: ReadonlySet<string>): Promise<void> {
	const names = await readdir(keptDir());
	const known = new Set(names.map((name) => name.split(".")[0] ?? ""));
	for (const id of known)
		if (!runIds.has(id) && !(await isAlive(id))) await forgetKept(id);
}

/** Every kept cluster of this user that can be used again. */
export async function listKept(): Promise<KeptCluster[]> {
	const dir = keptDir();
	const files = (await readdir(dir)).filter((name) => name.endsWith(".json"));
	const clusters = files.map(async (name): Promise<KeptCluster[]> => {
		// It may be forgotten just now.
		const text = await readFile(join(dir, name), "utf8").catch(ifAbsent);
		return text ? [JSON.parse(text)] : [];
	});
	return (await Promise.all(clusters)).flat();
}

/**
 * Takes a kept cluster into use, so that no other run uses it and `down` leaves it alone.
 *
 * @returns what gives it back, or undefined where another run uses it
 */
export function useKept(
	clusterId: string,
	runId: string,
): Promise<(() => Promise<void>) | undefined> {
	return withFileLock(keptDir(), async () => {
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
 * Tests claims in a cluster, and breaks it for that. A kept one bears the mark of `mayBeBroken` until that has come to
 * its end, and for good where it has not: nobody mended what was broken just then.
 *
 * @param isMended whether nothing that was broken is left, by what came out
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

/** Whether claims that were tested in a kept cluster may have left something broken. */
export function mayBeBroken(clusterId: string): boolean {
	return existsSync(brokenOf(clusterId));
}

/** Writes a kept cluster's kubeconfig where a person can point kubectl at it. */
export async function writeKubeconfig({
	clusterId,
	kubeconfig,
}: Environment): Promise<string> {
	const file = kubeconfigOf(clusterId);
	await writeFile(file, kubeconfig, { mode: 0o600 });
	return file;
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
	if (error.code !== "ENOENT") throw error;
}

/** Runs of another owner may share the cache, and can judge nothing of these clusters. */
function keptDir(): string {
	return cacheDir("kept", ownerKey);
}

function fileOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.json`);
}

function kubeconfigOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.kubeconfig`);
}

/** Holds the id of the run that uses the cluster. */
function userOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.user`);
}

/** Is there while a run breaks things in the cluster. */
function brokenOf(clusterId: string): string {
	return join(keptDir(), `${clusterId}.broken`);
}
