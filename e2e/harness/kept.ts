import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import type { Environment } from "./environment.ts";
import { cacheDir } from "./paths.ts";

/** A cluster that outlives the run that made it. */
export interface KeptCluster {
	/** The run that made it: its Docker resources bear this label. */
	readonly runId: string;
	/** What it was made from; a run with other inputs cannot use it. */
	readonly inputs: string;
	readonly environment: Environment;
	readonly standIns: readonly string[];
	readonly imageSource: string;
}

/** Marks a cluster as kept: from now on only `down` removes it. */
export async function keep(cluster: KeptCluster): Promise<void> {
	await writeFile(fileOf(cluster.runId), JSON.stringify(cluster), {
		mode: 0o600,
	});
}

export function isKept(runId: string): boolean {
	return existsSync(fileOf(runId));
}

/** Removes the mark, and the kubeconfig beside it. */
export async function forgetKept(runId: string): Promise<void> {
	await rm(fileOf(runId), { force: true });
	await rm(kubeconfigOf(runId), { force: true });
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

function kubeconfigOf(runId: string): string {
	return join(cacheDir("kept"), `${runId}.kubeconfig`);
}

/** Every kept cluster of this user. */
export async function listKept(): Promise<KeptCluster[]> {
	const dir = cacheDir("kept");
	const files = (await readdir(dir)).filter((name) => name.endsWith(".json"));
	return Promise.all(
		files.map(
			async (name): Promise<KeptCluster> =>
				JSON.parse(await readFile(join(dir, name), "utf8")),
		),
	);
}

function fileOf(runId: string): string {
	return join(cacheDir("kept"), `${runId}.json`);
}

/**
 * Takes a kept cluster into use, so that no other run uses it and `down` leaves it alone.
 *
 * @returns what gives it back, or undefined where it is in use
 */
export async function useKept(
	runId: string,
): Promise<(() => Promise<void>) | undefined> {
	const options = { stale: 15_000, update: 5_000 };
	return lockfile.lock(fileOf(runId), options).catch(() => undefined);
}

/** Whether a run uses a kept cluster. */
export function isKeptInUse(runId: string): Promise<boolean> {
	return lockfile.check(fileOf(runId), { stale: 15_000 });
}
